import assert from 'node:assert/strict';
import { Draft } from './draft.js';
import { pinnedOf, pinValue, unpin } from './pins.js';

describe('pinned data of a draft', () => {
  const draft = Draft.parse({ name: 'Pinned' });

  it('is pinned and unpinned, node by node', () => {
    const pinned = pinValue(pinValue(draft, 'trigger', { a: 1 }), 'task', [1, 2]);
    assert.deepEqual(pinned.pinned, { trigger: { a: 1 }, steps: { task: [1, 2] } });
    assert.deepEqual(pinnedOf(pinned), { trigger: { a: 1 }, task: [1, 2] });
    assert.deepEqual(unpin(pinned, 'trigger').pinned, { steps: { task: [1, 2] } });
    assert.deepEqual(unpin(unpin(pinned, 'task'), 'trigger'), draft);
    assert.equal(unpin(pinned, 'nobody'), pinned);
    assert.deepEqual(pinnedOf(pinValue(pinned, 'task', null)), { trigger: { a: 1 }, task: null });
  });
});
