import { AppError } from '#core/errors.js';
import type { OutgoingRequest } from './outgoing-request.js';

/** One signal for the caller's abort and the time limit of a call. */
export interface Deadline {
  signal: AbortSignal;
  /** The promise's outcome, or the signal's reason at once when it is aborted: not everything heeds a signal. */
  within<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets go of timer and caller as soon as the call is over. */
  clear(): void;
}

/** Starts the time limit of a call; at its end the signal's reason is `provider_unavailable`. */
export function startDeadline({ signal: caller, url }: OutgoingRequest, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const message = `${url.hostname} did not answer within ${timeoutMs / 1000} seconds.`;
  const onTimeout = () => controller.abort(new AppError('provider_unavailable', message));
  const onAbort = () => controller.abort(caller?.reason);
  const timer = setTimeout(onTimeout, timeoutMs);
  caller?.addEventListener('abort', onAbort, { once: true });
  if (caller?.aborted) onAbort();
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // It may be rejected while nobody waits for it.
  aborted.catch(() => {});
  return {
    signal,
    within: (work) => Promise.race([work, aborted]),
    clear() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onAbort);
    },
  };
}
