import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import type { Actor } from '#runtime/caller.js';

/** Moves a transaction of nobody to a person: it sees that person and their memberships. */
export async function enterUser(transaction: Transaction, userId: string): Promise<void> {
  await transaction.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
}

/** Moves a transaction to a person in an organization. */
export async function enterPerson(
  transaction: Transaction,
  { userId, orgId }: { userId: string; orgId: string },
): Promise<void> {
  await transaction.execute(
    sql`SELECT set_config('app.user_id', ${userId}, true), set_config('app.org_id', ${orgId}, true)`,
  );
}

/** A person as the audit log names them, before their rights have been looked up. */
export function auditedPerson(orgId: string, userId: string): Actor {
  return { orgId, kind: 'user', id: userId, userId, permissions: [], scopes: null, runId: null, depth: 0 };
}
