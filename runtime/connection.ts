import { and, eq, isNull } from 'drizzle-orm';
import type { ConnectorAction } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { connections } from '#db/schema/index.js';
import type { Services } from './services.js';

/** A connection with its secret open, for the length of one call. */
export interface OpenConnection {
  /** Null for a call without a connection. */
  id: string | null;
  config: unknown;
  secret: unknown;
}

/** What is called over a connection: an action, or a trigger that asks for news. */
export type ConnectedCall = Pick<ConnectorAction, 'name' | 'connector' | 'connection'>;

/** Reads and decrypts the connection of a call. Throws `validation` if it is missing, deleted or of another app. */
export async function openConnection(
  services: Services,
  transaction: Transaction,
  action: ConnectedCall,
  connectionId: string | undefined,
): Promise<OpenConnection> {
  const connector = services.catalogue.connector(action.connector);
  if (connectionId === undefined) {
    if (action.connection === 'required')
      throw missing(`${action.name} needs a connection of ${connector.title}`);
    return { id: null, config: connector.config.parse({}), secret: undefined };
  }
  if (action.connection === 'none') throw missing(`${action.name} takes no connection`);
  const [row] = await transaction
    .select()
    .from(connections)
    .where(and(eq(connections.id, connectionId), isNull(connections.deletedAt)));
  if (!row) throw missing('There is no such connection');
  if (row.connector !== connector.name) throw missing(`This connection is not one of ${connector.title}`);
  return {
    id: row.id,
    config: connector.config.parse(row.config),
    secret: openSecret(services, connector.auth, row),
  };
}

/** Notes that the app no longer takes the credentials of a connection, until it gets new ones. */
export async function markCredentialsExpired(transaction: Transaction, connectionId: string): Promise<void> {
  await transaction
    .update(connections)
    .set({ status: 'credentials_expired' })
    .where(and(eq(connections.id, connectionId), isNull(connections.deletedAt)));
}

function openSecret(
  services: Services,
  auth: ReturnType<Services['catalogue']['connector']>['auth'],
  row: typeof connections.$inferSelect,
): unknown {
  if (auth.kind === 'none' || row.secret === null) return undefined;
  return auth.secret.parse(services.vault.open({ orgId: row.orgId, rowId: row.id }, row.secret));
}

function missing(message: string): AppError {
  return new AppError('validation', message, { issues: [{ path: 'connection', message }] });
}
