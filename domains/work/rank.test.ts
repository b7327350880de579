import assert from 'node:assert/strict';
import { rankAtEnd, rankAtStart, rankBetween } from './rank.js';

describe('rank', () => {
  const now = Date.UTC(2026, 0, 1);

  it('finds a rank between any two, however close, that never ends in 0', () => {
    const pairs: [string | null, string | null][] = [
      [null, null],
      [null, '1'],
      [null, '01'],
      ['z', null],
      ['zzz', null],
      ['a', 'b'],
      ['a', 'a01'],
      ['a5', 'a6'],
      ['azz', 'b'],
      ['1', '2'],
      ['hv', 'hw5'],
    ];
    for (const [low, high] of pairs) {
      const rank = rankBetween(low, high);
      assert.ok(low === null || low < rank, `${low} < ${rank}`);
      assert.ok(high === null || rank < high, `${rank} < ${high}`);
      assert.match(rank, /^[0-9a-z]*[1-9a-z]$/);
    }
  });

  it('keeps finding one when the same gap is halved a thousand times from either side', () => {
    for (const side of ['low', 'high'] as const) {
      let [low, high] = [rankAtEnd(null, now), rankAtEnd(null, now + 1)];
      for (let step = 0; step < 1_000; step += 1) {
        const rank = rankBetween(low, high);
        assert.ok(low < rank && rank < high, `${low} < ${rank} < ${high}`);
        if (side === 'low') low = rank;
        else high = rank;
      }
    }
  });

  it('gives ranks at the end that grow with time and stay short', () => {
    const ranks = [0, 1, 2, 60_000, 86_400_000].map((elapsedMs) => rankAtEnd(null, now + elapsedMs));
    assert.deepEqual(ranks, [...ranks].sort());
    assert.ok(ranks.every((rank) => rank.length === 12));
  });

  it('gives ranks at the start that shrink with time and stay short', () => {
    const ranks = [0, 1, 2, 60_000, 86_400_000].map((elapsedMs) => rankAtStart(null, now + elapsedMs));
    assert.deepEqual(ranks, [...ranks].sort().reverse());
    assert.ok(ranks.every((rank) => rank.length === 12));
  });

  it('goes past the last and before the first even if another clock was ahead', () => {
    const ahead = rankAtEnd(null, now + 3_600_000);
    assert.ok(rankAtEnd(ahead, now) > ahead);
    const behind = rankAtStart(null, now + 3_600_000);
    assert.ok(rankAtStart(behind, now) < behind);
  });
});
