import assert from 'node:assert/strict';
import { createSharedQuota } from './shared-quota.js';

describe('what an organization may have at work', () => {
  it('is all while it is alone, and less beside others until these have been quiet for a while', () => {
    let at = 0;
    const settings = { ORGANIZATION_MAX_RUNNING_RUNS: 200, ORGANIZATION_MAX_STARTING_RUNS: 50 };
    const quotaOf = createSharedQuota(settings, () => at);
    const starting = (orgId: string) => quotaOf(orgId).ORGANIZATION_MAX_STARTING_RUNS;
    assert.deepEqual([starting('a'), starting('a')], [50, 50]);
    assert.deepEqual([starting('b'), starting('a')], [15, 15]);
    at = 9_999;
    assert.equal(starting('a'), 15);
    at = 10_001;
    assert.equal(starting('a'), 50);
    assert.equal(quotaOf('b').ORGANIZATION_MAX_RUNNING_RUNS, 200);
  });

  it('is at least one', () => {
    const quotaOf = createSharedQuota({
      ORGANIZATION_MAX_RUNNING_RUNS: 1,
      ORGANIZATION_MAX_STARTING_RUNS: 1,
    });
    quotaOf('a');
    assert.equal(quotaOf('b').ORGANIZATION_MAX_STARTING_RUNS, 1);
  });
});
