import { type ConcurrencyLimit, createConcurrencyLimit } from '../concurrency-limit.js';

/** Counts open streams by person. */
export type StreamLimit = ConcurrencyLimit;

/** Lets each person hold `maxStreams` open in this process. */
export function createStreamLimit(maxStreams: number): StreamLimit {
  return createConcurrencyLimit(
    maxStreams,
    `You have ${maxStreams} event streams open; close one first`,
    5_000,
  );
}
