import type { Worker } from 'node:worker_threads';

/**
 * The next message of a thread. Rejects with what the thread died of, with the signal's reason when it aborts, and
 * with the limit's error when nothing came in time.
 */
export function nextMessage(
  worker: Worker,
  signal?: AbortSignal,
  limit?: { afterMs: number; error: Error },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => settle(() => resolve(message));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = () => onError(new Error('The thread ended without an answer'));
    const onAbort = () => onError(signal?.reason);
    // A message that came while this process was busy is read before the time is called up.
    const onTime = () => setImmediate(() => onError(limit?.error));
    const timer = limit && setTimeout(onTime, limit.afterMs);

    function settle(finish: () => void): void {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      finish();
    }

    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort);
  });
}
