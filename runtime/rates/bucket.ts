/** A bucket of tokens: holds `limit`, and gets as many again in `windowMs`, evenly. */
export interface Bucket {
  /** Unique among all organizations. */
  key: string;
  limit: number;
  windowMs: number;
}

export interface BucketState {
  /** Tokens that are left. */
  remaining: number;
  /** Until it is full again. */
  resetMs: number;
  /** Until there is a token; 0 when there is one. */
  waitMs: number;
}

export interface Taken {
  /** False when one of the buckets was empty: then nothing was taken from any. */
  isAllowed: boolean;
  /** In the order of the buckets, after what was taken. */
  states: BucketState[];
}

/** Where buckets are kept. */
export interface RateStore {
  /** Takes a token from each bucket, or from none. Rejects when the store does not answer in time. */
  take(buckets: readonly Bucket[]): Promise<Taken>;
  close(): void;
}

/**
 * What is in a bucket that will be full at `fullAtMs`: the whole state of a bucket is that one moment (the generic cell
 * rate algorithm, ITU-T I.371, as virtual scheduling).
 */
export function stateOf({ limit, windowMs }: Bucket, fullAtMs: number, nowMs: number): BucketState {
  const missingMs = Math.max(0, fullAtMs - nowMs);
  const tokenMs = windowMs / limit;
  // A millionth of a token, so that what was put together of fractions counts as whole.
  const remaining = Math.floor((windowMs - missingMs) / tokenMs + 1e-6);
  return { remaining, resetMs: missingMs, waitMs: remaining >= 1 ? 0 : missingMs + tokenMs - windowMs };
}
