import { and, eq, lt, sql } from 'drizzle-orm';
import { auditExports } from '#db/schema/index.js';
import type { Services } from '../services.js';
import { archiveAudit } from './archive/archive-audit.js';
import { expireArchives } from './archive/expire-archives.js';
import { expireExports } from './export/expire-exports.js';
import { exportPart } from './export/export-part.js';
import { keepAnchor } from './kept-anchors.js';

/** Organizations that one call works for. */
const pageSize = 20;
/** An export that nobody has worked at for so long has lost its workflow. */
const staleMs = 600_000;

type Needed = Pick<Services, 'database' | 'files' | 'logger' | 'storage' | 'configuration'>;

/**
 * What the audit logs of some organizations, those after one of them, need from time to time: the newest seal is kept
 * outside of the database, old entries are archived, old archives and exports removed, and exports whose workflow never began are
 * written. `onBatch` is called after each portion and
 * may throw to end it. Returns the last organization; null when there are no more.
 */
export async function keepAudit(
  services: Needed,
  after: string | null,
  { now, onBatch }: { now: Date; onBatch(): void },
): Promise<string | null> {
  const ids = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) {
    await keepAnchor(services, id, now).catch((err: unknown) =>
      services.logger.error({ err, orgId: id }, 'An anchor of the audit log was not kept'),
    );
    const removed = await archiveAudit(services, id, { now, onBatch });
    if (removed > 0)
      services.logger.info({ orgId: id, entries: removed }, 'Archived audit entries were removed');
    await expireArchives(services, id, now);
    await expireExports(services, id, now);
    for (const exportId of await staleExports(services, id, now)) {
      while ((await exportPart(services, id, exportId)).hasMore) onBatch();
    }
    onBatch();
  }
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}

async function staleExports({ database }: Needed, orgId: string, now: Date): Promise<string[]> {
  const isStale = lt(auditExports.createdAt, new Date(now.getTime() - staleMs).toISOString());
  const rows = await database.withOrg(orgId, (db) =>
    db
      .select({ id: auditExports.id })
      .from(auditExports)
      .where(and(eq(auditExports.orgId, orgId), eq(auditExports.status, 'running'), isStale)),
  );
  return rows.map(({ id }) => id);
}
