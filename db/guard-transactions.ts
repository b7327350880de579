import { setImmediate as nextTurn } from 'node:timers/promises';
import postgres from 'postgres';

type Work = (transaction: postgres.TransactionSql) => Promise<unknown>;

/**
 * A client whose transactions survive the loss of their connection. postgres.js 3.4.9 writes ROLLBACK, COMMIT or the
 * next statement to a connection that is gone, which ends the process or leaves a connection in the pool that never
 * answers again (https://github.com/porsager/postgres/issues/1208). Here nothing more is sent on such a connection;
 * the transaction rejects with the driver's own error.
 */
export function guardTransactions(client: postgres.Sql): postgres.Sql {
  const begin = (work: Work) => beginGuarded(client, work);
  return new Proxy(client, {
    get: (target, name, receiver) => (name === 'begin' ? begin : Reflect.get(target, name, receiver)),
  });
}

async function beginGuarded(client: postgres.Sql, work: Work): Promise<unknown> {
  const state = { isOver: false };
  try {
    return await client.begin((transaction) => workUnlessOver(transaction, work, state));
  } finally {
    state.isOver = true;
  }
}

/** Never settles once the connection is gone: the driver has rejected the transaction already, and must not end it. */
async function workUnlessOver(
  transaction: postgres.TransactionSql,
  work: Work,
  state: { readonly isOver: boolean },
): Promise<unknown> {
  try {
    const result = await work(refuseWhenOver(transaction, state));
    if (state.isOver) await forever();
    return result;
  } catch (error) {
    // A broken socket rejects statement and transaction in one turn, in no sure order.
    await nextTurn();
    if (state.isOver || isFatal(error)) await forever();
    throw error;
  }
}

function refuseWhenOver(
  transaction: postgres.TransactionSql,
  state: { readonly isOver: boolean },
): postgres.TransactionSql {
  return new Proxy(transaction, {
    get: (target, name, receiver) => {
      if (state.isOver) throw new Error('The transaction is over; its connection was lost');
      return Reflect.get(target, name, receiver);
    },
  });
}

/** The server's last word on a connection, which it closes next. */
function isFatal(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof postgres.PostgresError && /^(FATAL|PANIC)$/.test(cause.severity)) return true;
  }
  return false;
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
