import assert from 'node:assert/strict';
import type { Bucket } from './bucket.js';
import { createMemoryStore } from './memory-store.js';

describe('buckets in this process', () => {
  let at = 0;
  const store = () => {
    at = 1_000;
    return createMemoryStore(() => at);
  };
  const bucket = (key: string, limit: number, windowMs = 60_000): Bucket => ({ key, limit, windowMs });

  it('give what they hold at once, and then one token after the other as time passes', async () => {
    const { take } = store();
    const small = [bucket('a', 3)];
    const left: number[] = [];
    for (let count = 0; count < 3; count += 1) left.push((await take(small)).states[0]?.remaining ?? -1);
    assert.deepEqual(left, [2, 1, 0]);
    const refused = await take(small);
    assert.deepEqual(refused, {
      isAllowed: false,
      states: [{ remaining: 0, resetMs: 60_000, waitMs: 20_000 }],
    });
    at += 19_999;
    assert.equal((await take(small)).isAllowed, false);
    at += 1;
    assert.equal((await take(small)).isAllowed, true);
    assert.equal((await take(small)).isAllowed, false);
  });

  it('never hold more than their limit', async () => {
    const { take } = store();
    at += 10 * 60_000;
    assert.equal((await take([bucket('a', 2)])).states[0]?.remaining, 1);
  });

  it('are taken from together or not at all', async () => {
    const { take } = store();
    const [small, large] = [bucket('small', 1), bucket('large', 10)];
    assert.equal((await take([large, small])).isAllowed, true);
    const refused = await take([large, small]);
    assert.deepEqual([refused.isAllowed, refused.states[0]?.remaining], [false, 9]);
    assert.equal((await take([large])).states[0]?.remaining, 8);
  });

  it('let just as many through in a long time as their rate says, whatever the limit', async () => {
    for (const limit of [1, 3, 7, 600, 1_200]) {
      const { take } = store();
      let allowed = 0;
      const steps = 5 * limit;
      for (let step = 0; step < steps; step += 1) {
        at += 60_000 / steps;
        if ((await take([bucket('a', limit)])).isAllowed) allowed += 1;
      }
      assert.ok(Math.abs(allowed - 2 * limit) <= 1, `${limit}: ${allowed}`);
    }
  });
});
