import { AppError } from '#core/errors.js';

/** Counts what is under way at the same time, by key, in this process. */
export interface ConcurrencyLimit {
  /** Takes one place and returns how to give it back. Throws `limit_exceeded` when all are taken. */
  take(key: string): () => void;
}

/** Lets each key have `places` at a time. */
export function createConcurrencyLimit(
  places: number,
  message: string,
  retryAfterMs: number,
): ConcurrencyLimit {
  const taken = new Map<string, number>();
  return {
    take(key) {
      const count = taken.get(key) ?? 0;
      if (count >= places) throw new AppError('limit_exceeded', message, { retryAfterMs });
      taken.set(key, count + 1);
      return () => {
        const left = (taken.get(key) ?? 1) - 1;
        if (left > 0) taken.set(key, left);
        else taken.delete(key);
      };
    },
  };
}
