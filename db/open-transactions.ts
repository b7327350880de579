import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<{ isOpen: boolean }>();

/** True within the work of a transaction that has not ended, and in whatever that work has called. */
function isInTransaction(): boolean {
  return current.getStore()?.isOpen ?? false;
}

/**
 * Throws an Error while a transaction is open: whatever takes long would hold its connection and its locks, with which an
 * organization, or the server, can be brought to a stop from outside.
 */
export function refuseInTransaction(what: string): void {
  if (!isInTransaction()) return;
  throw new Error(`${what} while a transaction is open: an action does so in its outside()`);
}

/** Does the work of a transaction. What outlives it is not in it any more. */
export async function insideTransaction<Result>(work: () => Promise<Result>): Promise<Result> {
  const state = { isOpen: true };
  try {
    return await current.run(state, work);
  } finally {
    state.isOpen = false;
  }
}
