import { Context } from '@temporalio/activity';
import { toFailure } from './failure.js';
import { whileBeating } from './while-beating.js';

/** Work that goes by batches, for a page of organizations: it ends after one batch when the worker stops. */
export async function beatingByPages(
  work: (onBatch: () => void) => Promise<string | null>,
): Promise<{ last: string | null }> {
  try {
    return { last: await whileBeating(work) };
  } catch (error) {
    Context.current().cancellationSignal.throwIfAborted();
    throw toFailure(error, false);
  }
}
