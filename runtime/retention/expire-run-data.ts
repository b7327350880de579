import { eq, sql } from 'drizzle-orm';
import { organizations } from '#db/schema/index.js';
import type { Services } from '../services.js';
import { deleteExpiredRuns } from './delete-expired-runs.js';

/** Organizations that one call works for. */
const pageSize = 20;
/** Batches that one organization gets a call, so that a large one does not keep the others waiting. */
const maxBatches = 500;

/**
 * Deletes the expired run data of some organizations, those after one of them. `onBatch` is called after each batch, and
 * may throw to end it. Returns the last organization; null when there are no more.
 */
export async function expireRunData(
  services: Pick<Services, 'database' | 'configuration' | 'logger'>,
  after: string | null,
  onBatch: () => void,
): Promise<string | null> {
  const ids = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) await deleteOf(services, id, onBatch);
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}

async function deleteOf(
  { database, configuration, logger }: Pick<Services, 'database' | 'configuration' | 'logger'>,
  orgId: string,
  onBatch: () => void,
): Promise<void> {
  let count = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { runs, deliveries, keys } = await database.withOrg(orgId, async (transaction) => {
      const [organization] = await transaction
        .select({ days: organizations.runRetentionDays })
        .from(organizations)
        .where(eq(organizations.id, orgId));
      return deleteExpiredRuns(transaction, organization?.days ?? configuration.RUN_RETENTION_DAYS);
    });
    onBatch();
    count += runs;
    if (runs + deliveries + keys === 0) break;
  }
  if (count > 0) logger.info({ orgId, runs: count }, 'Expired runs were deleted');
}
