import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { members } from '#db/schema/index.js';

/** Ids of all organizations that hold a person, in their order, so that who locks them all does it in the same way. */
export async function listOwnOrganizations(db: Transaction, userId: string): Promise<string[]> {
  await db.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
  const rows = await db
    .select({ orgId: members.orgId })
    .from(members)
    .where(and(eq(members.userId, userId), ne(members.status, 'erased')))
    .orderBy(asc(members.orgId));
  return rows.map(({ orgId }) => orgId);
}
