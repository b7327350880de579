import { Context } from '@temporalio/activity';

/** How often a long activity tells the engine that it is alive, and hears whether it was cancelled. */
export const heartbeatMs = 5_000;

/**
 * Does work of an activity and tells the engine meanwhile that the process is alive, however long a part of it takes: a
 * crash then is noticed when a few of these messages are missing. `work` calls what it is given between its parts; that
 * throws when the worker stops or the workflow has been cancelled.
 */
export async function whileBeating<Result>(work: (goOn: () => void) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work(() => context.cancellationSignal.throwIfAborted());
  } finally {
    clearInterval(beat);
  }
}
