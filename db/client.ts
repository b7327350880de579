import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { openPool, type Pool, type Transaction } from './pool.js';

export type { Transaction } from './pool.js';

export interface Database {
  /** Runs `work` in a transaction of one organization. The only way to its rows. */
  withOrg<Result>(orgId: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs `work` in a transaction of a person who has not chosen an organization: sees their own memberships. */
  withUser<Result>(userId: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs `work` in a transaction of nobody: sees nothing until `enterOrg`. */
  withoutOrg<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Calls `onMessage` for each NOTIFY on the channel until the database is closed; reconnects by itself. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<void>;
  notify(channel: string, payload: string): Promise<void>;
  /** Throws unless the server answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a pool as the application's role. Throws if that role is superuser, may bypass row-level security, or owns
 * a table: with any of these the tenants would not be isolated.
 */
export async function openDatabase(url: string, poolSize: number): Promise<Database> {
  const pool = openPool(url, poolSize);
  // Messages have a connection of their own, which the driver makes when first needed.
  const listener = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  await refusePrivilegedRole(pool);

  return {
    withOrg: (orgId, work) => pool.transaction(work, ['app.org_id', orgId]),
    withUser: (userId, work) => pool.transaction(work, ['app.user_id', userId]),
    withoutOrg: (work) => pool.transaction(work),
    listen: async (channel, onMessage) => {
      await listener.listen(channel, onMessage);
    },
    notify: async (channel, payload) => {
      await pool.client.notify(channel, payload);
    },
    ping: async () => {
      await pool.client`SELECT 1`;
    },
    close: async () => {
      await Promise.all([pool.close(), listener.end({ timeout: 5 })]);
    },
  };
}

/** Moves a transaction of nobody into an organization; the dispatcher works for one after the other. */
export async function enterOrg(transaction: Transaction, orgId: string): Promise<void> {
  await transaction.execute(sql`SELECT set_config('app.org_id', ${orgId}, true)`);
}

async function refusePrivilegedRole(pool: Pool): Promise<void> {
  const [role] = await pool.client<{ isPrivileged: boolean; ownsTables: boolean }[]>`
    SELECT rolsuper OR rolbypassrls AS "isPrivileged",
      EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace) AS "ownsTables"
    FROM pg_roles r WHERE rolname = current_user`;
  if (role && !role.isPrivileged && !role.ownsTables) return;
  await pool.close();
  throw new Error(
    'DATABASE_URL must log in as a role that is not superuser, not BYPASSRLS and owns no table.',
  );
}
