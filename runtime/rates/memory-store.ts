import { type Bucket, type RateStore, stateOf } from './bucket.js';

const sweepEveryMs = 60_000;

/** Buckets in this process: for one host without Redis. `now` in whole milliseconds, as fractions would not add up. */
export function createMemoryStore(now: () => number = () => Math.floor(performance.now())): RateStore {
  const fullAt = new Map<string, number>();
  let sweptAt = now();

  const sweep = (at: number) => {
    if (at - sweptAt < sweepEveryMs) return;
    sweptAt = at;
    for (const [key, moment] of fullAt) if (moment <= at) fullAt.delete(key);
  };
  const momentOf = ({ key }: Bucket, at: number) => Math.max(at, fullAt.get(key) ?? at);

  return {
    async take(buckets) {
      const at = now();
      sweep(at);
      const isAllowed = buckets.every((bucket) => stateOf(bucket, momentOf(bucket, at), at).remaining >= 1);
      const states = buckets.map((bucket) => {
        const before = momentOf(bucket, at);
        const after = isAllowed ? before + bucket.windowMs / bucket.limit : before;
        if (isAllowed) fullAt.set(bucket.key, after);
        return stateOf(bucket, after, at);
      });
      return { isAllowed, states };
    },
    close() {},
  };
}
