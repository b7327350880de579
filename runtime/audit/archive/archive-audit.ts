import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditArchives, auditSeals } from '#db/schema/index.js';
import { readPeriods } from '../../retention/read-periods.js';
import type { Services } from '../../services.js';
import { verifyAudit } from '../verify/verify-audit.js';
import { archiveFile, type Stretch } from './archive-file.js';
import { lastArchive } from './last-archive.js';

/** About as many entries as one file holds: bounds the memory of whoever makes it. */
const maxEntries = 20_000;
/** Rows that are removed by one transaction. */
const batchSize = 1_000;
const sealsAtOnce = 1_000;

type Needed = Pick<Services, 'database' | 'files' | 'logger' | 'configuration'>;

/**
 * Moves whole months of an organization's audit log that are older than it wants to keep in the database into files, and
 * removes the rows. What does not verify is left as it is. `onBatch` is called after each portion of work and may throw
 * to end it. Returns how many entries were removed.
 */
export async function archiveAudit(
  services: Needed,
  orgId: string,
  { now, onBatch }: { now: Date; onBatch(): void },
): Promise<number> {
  let removed = 0;
  for (;;) {
    // First what an earlier call has archived and not come to removing.
    for (let count = await removeArchived(services, orgId); count > 0; ) {
      removed += count;
      onBatch();
      count = await removeArchived(services, orgId);
    }
    if (!(await archiveStretch(services, orgId, now))) return removed;
    onBatch();
  }
}

async function removeArchived({ database }: Needed, orgId: string): Promise<number> {
  const [row] = await database.withOrg(orgId, (db) =>
    db.execute<{ count: number }>(sql`SELECT remove_archived_audit(${batchSize}) AS count`),
  );
  return row?.count ?? 0;
}

/** Writes one more file. False where nothing is old enough, or the log is not what was sealed. */
async function archiveStretch(
  { database, files, logger, configuration }: Needed,
  orgId: string,
  now: Date,
): Promise<boolean> {
  return database.withOrg(orgId, async (db) => {
    const lock = sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${`audit archive ${orgId}`}, 0)) AS taken`;
    const [{ taken } = { taken: false }] = await db.execute<{ taken: boolean }>(lock);
    if (!taken) return false;
    const found = await findStretch(db, configuration, { orgId, now });
    if (!found) return false;
    const { firstBreak } = await verifyAudit(db, orgId, { ...found, maxRows: found.through - found.after });
    if (firstBreak) {
      logger.error({ orgId, ...firstBreak }, 'The audit log is broken; it is not archived');
      return false;
    }
    const content = await archiveFile(db, orgId, found);
    const { sha256, size } = await files(orgId, db).withoutQuota.put(content, 'application/gzip');
    const { after, through: lastPosition, chainEnd } = found;
    await db
      .insert(auditArchives)
      .values({ orgId, firstPosition: after + 1, lastPosition, chainEnd, sha256, size });
    logger.info({ orgId, lastPosition, sha256 }, 'Old audit entries were archived');
    return true;
  });
}

/** The seals of months that have ended longer ago than the organization wants to keep, as far as one file holds. */
async function findStretch(
  db: Transaction,
  configuration: Services['configuration'],
  { orgId, now }: { orgId: string; now: Date },
): Promise<(Stretch & { chainEnd: string }) | undefined> {
  const { days } = (await readPeriods(db, configuration)).periods.audit;
  const kept = new Date(now.getTime() - days * 86_400_000);
  const month = new Date(Date.UTC(kept.getUTCFullYear(), kept.getUTCMonth(), 1));
  const after = (await lastArchive(db, orgId))?.lastPosition ?? 0;
  const old = await db
    .select({ through: auditSeals.lastPosition, chainEnd: auditSeals.chainEnd })
    .from(auditSeals)
    .where(
      and(
        eq(auditSeals.orgId, orgId),
        gt(auditSeals.lastPosition, after),
        lt(auditSeals.sealedAt, month.toISOString()),
      ),
    )
    .orderBy(asc(auditSeals.number))
    .limit(sealsAtOnce);
  const last = old.findLast(({ through }, index) => index === 0 || through - after <= maxEntries);
  return last && { after, ...last };
}
