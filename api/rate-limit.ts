import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#core/errors.js';

export interface RateLimit {
  /** Counts one use by this key. Throws `limit_exceeded` with the time to wait. */
  use(key: string): Promise<void>;
}

/** Allows each key `points` uses in `seconds`, counted in this process. */
export function createRateLimit(points: number, seconds: number, message: string): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    async use(key) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new AppError('limit_exceeded', message, { retryAfterMs: Math.max(refusal.msBeforeNext, 1) });
      }
    },
  };
}
