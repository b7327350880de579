import assert from 'node:assert/strict';
import { timeOrderedId } from './outbox.js';

describe('timeOrderedId', () => {
  it('is a UUID of version 7 with the time in front', () => {
    // The example of RFC 9562, appendix A.6.
    const id = timeOrderedId(0x017f22e279b0);
    assert.match(id, /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts by time', () => {
    const times = [0, 1, 255, 256, 65_535, 65_536, 2 ** 32, Date.now(), Date.now() + 1, 2 ** 48 - 1];
    const ids = times.map((time) => timeOrderedId(time));
    assert.deepEqual([...ids].sort(), ids);
  });

  it('differs within a millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => timeOrderedId(1_000));
    assert.equal(new Set(ids).size, ids.length);
  });
});
