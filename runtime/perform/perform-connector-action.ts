import { randomUUID } from 'node:crypto';
import type { ConnectorAction, ConnectorContext } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { markCredentialsExpired, type OpenConnection, openConnection } from '../connection.js';
import { beginCall, releaseCall } from '../idempotency.js';
import { unpackValue } from '../packing.js';
import { writeRecords } from '../records.js';
import type { Services } from '../services.js';
import { type Admission, admit } from './admit.js';
import type { Call } from './call.js';
import { recordsOf } from './records-of.js';

/** Longest a vendor may take for one call, unless the caller says. */
const defaultTimeoutMs = 60_000;

/**
 * Steps 1 to 8 for an action of an app. The call to the vendor stands between two transactions: the first admits
 * it and notes that it begins, the second keeps its result. A process that dies in between leaves the note, and
 * the next attempt with the same key tells the connector to look at the vendor first.
 */
export async function performConnectorAction(
  services: Services,
  action: ConnectorAction,
  call: Call,
): Promise<unknown> {
  const { orgId } = call.caller;
  const files = services.files(orgId);
  const { admission, connection } = await services.database.withOrg(orgId, async (db) => {
    const admitted = await admit(db, action, call);
    if (admitted.earlier.state === 'finished') return { admission: admitted, connection: undefined };
    const [opened] = await Promise.all([
      openConnection(services, db, action, call.options.connectionId),
      admitted.slot ? beginCall(db, admitted.slot, action, admitted.input) : undefined,
      call.options.beginning?.note(db),
    ]);
    return { admission: admitted, connection: opened };
  });
  if (admission.earlier.state === 'finished') return unpackValue(files, admission.earlier.output);
  if (!connection) throw new AppError('internal', 'A call was admitted without a connection');
  call.options.beginning?.noted();

  const timeoutMs = call.options.timeoutMs ?? defaultTimeoutMs;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = call.options.signal ? AbortSignal.any([call.options.signal, limit]) : limit;
  const context = connectorContext(services, call, { admission, connection, signal });
  const result = await action
    .run(context, admission.input)
    .catch((error: unknown) =>
      giveUp(services, admission, connection, limit.aborted ? timedOut(action, timeoutMs, error) : error),
    );
  const output = action.output.parse(result);
  await services.database.withOrg(orgId, async (db) => {
    const records = await recordsOf(services.files(orgId, db), action, call, admission, output);
    await Promise.all([
      writeRecords(db, records),
      call.options.alsoRecord?.(db, { input: admission.input, output }),
    ]);
  });
  return output;
}

function connectorContext(
  services: Services,
  call: Call,
  {
    admission,
    connection,
    signal,
  }: { admission: Admission; connection: OpenConnection; signal: AbortSignal },
): ConnectorContext {
  return {
    config: connection.config,
    secret: connection.secret,
    fetch: services.outgoing.fetch,
    stream: services.outgoing.stream,
    resolveHost: services.outgoing.resolveHost,
    files: services.files(call.caller.orgId),
    signal,
    idempotencyKey: call.options.idempotencyKey ?? randomUUID(),
    isRetry: admission.earlier.state === 'unfinished',
  };
}

function timedOut(action: ConnectorAction, timeoutMs: number, cause: unknown): AppError {
  return new AppError('provider_unavailable', `${action.name} took longer than ${timeoutMs} ms`, { cause });
}

/** Errors after which the vendor surely did nothing: the next attempt need not look first. */
const withoutEffect = new Set([
  'validation',
  'forbidden',
  'not_found',
  'credentials_expired',
  'limit_exceeded',
]);

async function giveUp(
  services: Services,
  { actor, slot }: Admission,
  connection: OpenConnection,
  error: unknown,
): Promise<never> {
  const code = error instanceof AppError ? error.code : 'internal';
  // No room for what the vendor answered says nothing of what it did.
  const isOurs = error instanceof AppError && error.quota !== undefined;
  await services.database.withOrg(actor.orgId, async (db) => {
    if (slot) await releaseCall(db, slot, withoutEffect.has(code) && !isOurs);
    if (code === 'credentials_expired' && connection.id !== null)
      await markCredentialsExpired(db, connection.id);
  });
  throw error;
}
