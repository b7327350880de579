import assert from 'node:assert/strict';
import { buildOrganization } from '../builders/build-organization.js';
import { workingSystem } from '../system.js';
import { scheduleShapes } from './schedule-shapes.js';
import { readHistory } from './stored-history.js';

describe('the history of a workflow that the clock starts', function () {
  this.timeout(120_000);

  it('has as many activities as there are reasons for one', async () => {
    const system = await workingSystem();
    const organization = await buildOrganization(system.app);
    const counts: Record<string, number> = {};
    for (const [name, run] of Object.entries(scheduleShapes)) {
      const { decoded } = await readHistory(system, await run(system, organization));
      counts[name] = decoded.events.filter((event) => event.activityTaskScheduledEventAttributes).length;
    }
    assert.deepEqual(counts, { 'schedule-fires': 1, 'schedule-waits': 2, retention: 1, polls: 1 });
  });

  it('holds the ids of what it is about, and nothing of it in the clear', async () => {
    const system = await workingSystem();
    const organization = await buildOrganization(system.app);
    const polls = scheduleShapes.polls ?? assert.fail();
    const { raw, payloads } = await readHistory(system, await polls(system, organization));
    assert.ok(payloads.some((payload) => Buffer.from(payload).includes(organization.orgId)));
    const [started] = raw.events;
    for (const { data } of started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []) {
      assert.ok(data && !Buffer.from(data).includes(organization.orgId));
    }
  });
});
