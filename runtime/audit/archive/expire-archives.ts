import { and, asc, eq, isNull, lt } from 'drizzle-orm';
import { auditArchives, storedObjects } from '#db/schema/index.js';
import { readPeriods } from '../../retention/read-periods.js';
import type { Services } from '../../services.js';

type Needed = Pick<Services, 'database' | 'storage' | 'configuration'>;

/**
 * Removes the files of archives that an organization has kept for as long as it shall. Their rows stay, with hash and
 * position, so that the rest of the log is proven as before. Returns how many.
 */
export async function expireArchives(services: Needed, orgId: string, now: Date): Promise<number> {
  let expired = 0;
  while (await expireOne(services, orgId, now)) expired += 1;
  return expired;
}

/** One at a time, so that no transaction waits long for the storage. False where none is left. */
async function expireOne(
  { database, storage, configuration }: Needed,
  orgId: string,
  now: Date,
): Promise<boolean> {
  return database.withOrg(orgId, async (db) => {
    const { days } = (await readPeriods(db, configuration)).periods.audit_archives;
    const kept = new Date(now.getTime() - days * 86_400_000).toISOString();
    const [over] = await db
      .select({ sha256: storedObjects.sha256 })
      .from(auditArchives)
      .innerJoin(
        storedObjects,
        and(eq(storedObjects.orgId, auditArchives.orgId), eq(storedObjects.sha256, auditArchives.sha256)),
      )
      .where(
        and(
          eq(auditArchives.orgId, orgId),
          lt(auditArchives.createdAt, kept),
          isNull(storedObjects.removedAt),
        ),
      )
      .orderBy(asc(auditArchives.lastPosition))
      .limit(1)
      .for('update', { of: storedObjects, skipLocked: true });
    if (!over) return false;
    // The row stays locked until that is noted. After a crash in between it is done again.
    await storage.remove(`${orgId}/${over.sha256}`);
    await db
      .update(storedObjects)
      .set({ removedAt: now.toISOString() })
      .where(and(eq(storedObjects.orgId, orgId), eq(storedObjects.sha256, over.sha256)));
    return true;
  });
}
