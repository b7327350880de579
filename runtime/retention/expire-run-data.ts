import { sql } from 'drizzle-orm';
import type { Services } from '../services.js';
import { deleteArchives } from './delete-archives.js';
import { deleteExpiredRuns } from './delete-expired-runs.js';
import { readPeriods } from './read-periods.js';

type ExpiryServices = Pick<Services, 'database' | 'configuration' | 'logger' | 'storage'>;

/** Organizations that one call works for. */
const pageSize = 20;
/** Batches that one organization gets a call, so that a large one does not keep the others waiting. */
const maxBatches = 500;

/**
 * Deletes what some organizations have kept for as long as they want, those after one of them. `onBatch` is called after each batch, and
 * may throw to end it. Returns the last organization; null when there are no more.
 */
export async function expireRunData(
  services: ExpiryServices,
  after: string | null,
  onBatch: () => void,
): Promise<string | null> {
  const ids = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) await deleteOf(services, id, onBatch);
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}

async function deleteOf(services: ExpiryServices, orgId: string, onBatch: () => void): Promise<void> {
  const { database, configuration, logger } = services;
  await deleteArchives(services, orgId);
  let count = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { runs, deliveries, keys, mails } = await database.withOrg(orgId, async (transaction) => {
      const periods = await readPeriods(transaction, configuration);
      return deleteExpiredRuns(transaction, {
        runs: periods.runs.days,
        deliveries: periods.deliveries.days,
        mails: periods.mails.days,
      });
    });
    onBatch();
    count += runs;
    if (runs + deliveries + keys + mails === 0) break;
  }
  if (count > 0) logger.info({ orgId, runs: count }, 'Expired runs were deleted');
}
