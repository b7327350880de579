import { eq, isNull, sql } from 'drizzle-orm';
import { organizations, runs } from '#db/schema/index.js';
import { anchorFolder } from '../audit/kept-anchors.js';
import { keepTombstone } from '../privacy/tombstones/stored-tombstones.js';
import type { Services } from '../services.js';

type ErasingServices = Pick<Services, 'database' | 'engine' | 'storage' | 'logger'>;

/** Organizations that one call looks at. */
const pageSize = 50;
/** Rows that one transaction deletes. */
const maxRows = 5_000;

/**
 * Erases those organizations, after one of them, whose days of grace are over: runs under way end, files and rows go, and
 * a tombstone stays. What was erased stays so if it breaks off; the next call goes on. `onBatch` is called after each
 * batch, and may throw to end it. Returns the last organization looked at; null when there are no more.
 */
export async function eraseDueOrganizations(
  services: ErasingServices,
  after: string | null,
  onBatch: () => void,
): Promise<string | null> {
  const ids = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) {
    if (await isDue(services, id)) await erase(services, id, onBatch);
    onBatch();
  }
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}

async function isDue({ database }: ErasingServices, orgId: string): Promise<boolean> {
  const [row] = await database.withOrg(orgId, (transaction) =>
    transaction
      .select({ isDue: sql<boolean>`coalesce(${organizations.eraseAt} <= now(), false)` })
      .from(organizations)
      .where(eq(organizations.id, orgId)),
  );
  return row?.isDue ?? false;
}

async function erase(services: ErasingServices, orgId: string, onBatch: () => void): Promise<void> {
  const { database, engine, storage, logger } = services;
  // First what rows lead to, for afterwards nobody knows of it.
  const carried = await database.withOrg(orgId, (transaction) =>
    transaction.selectDistinct({ workflowId: runs.workflowId }).from(runs).where(isNull(runs.finishedAt)),
  );
  for (const { workflowId } of carried) {
    await engine.terminateWorkflow(workflowId);
    onBatch();
  }
  await storage.removeAll(orgId);
  await storage.removeAll(anchorFolder(orgId));
  await keepTombstone(storage, { kind: 'organization', orgId, erasedAt: new Date().toISOString() });
  onBatch();
  for (;;) {
    const [batch] = await database.withOrg(orgId, (transaction) =>
      transaction.execute<{ deleted: number }>(
        sql`SELECT erase_rows(${orgId}::uuid, ${maxRows})::integer AS deleted`,
      ),
    );
    onBatch();
    if (!batch || batch.deleted === 0) break;
  }
  logger.info({ orgId }, 'An organization was erased');
}
