import { and, eq, lt, ne, sql } from 'drizzle-orm';
import { auditExports } from '#db/schema/index.js';
import type { Services } from '../../services.js';

/** Removes the files of exports whose time is over. Returns how many exports that were. */
export async function expireExports(
  { database, files }: Pick<Services, 'database' | 'files'>,
  orgId: string,
  now: Date,
): Promise<number> {
  let expired = 0;
  while (await expireOne({ database, files }, orgId, now)) expired += 1;
  return expired;
}

/** One at a time, so that no transaction waits long for the storage. False where none is left. */
async function expireOne(
  { database, files }: Pick<Services, 'database' | 'files'>,
  orgId: string,
  now: Date,
): Promise<boolean> {
  return database.withOrg(orgId, async (db) => {
    const isOver = and(ne(auditExports.status, 'expired'), lt(auditExports.expiresAt, now.toISOString()));
    const [over] = await db
      .select({ id: auditExports.id, parts: auditExports.parts })
      .from(auditExports)
      .where(and(eq(auditExports.orgId, orgId), isOver))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!over) return false;
    await db
      .update(auditExports)
      .set({ status: 'expired', parts: [] })
      .where(and(eq(auditExports.orgId, orgId), eq(auditExports.id, over.id)));
    for (const { sha256 } of over.parts) {
      // Two exports of the same entries share their files.
      const sharing = sql`${auditExports.parts} @> ${JSON.stringify([{ sha256 }])}::text::jsonb`;
      const [other] = await db.select({ id: auditExports.id }).from(auditExports).where(sharing).limit(1);
      if (!other) await files(orgId, db).remove(sha256);
    }
    return true;
  });
}
