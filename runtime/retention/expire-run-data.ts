import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { tellOfQuotas } from '../quotas/tell-owners.js';
import type { Services } from '../services.js';
import { deleteAgentRuns } from './delete-agent-runs.js';
import { deleteArchives } from './delete-archives.js';
import { deleteExpiredRuns } from './delete-expired-runs.js';
import { deleteOldRecords } from './delete-old-records.js';
import { forgetLogIns } from './forget-log-ins.js';
import { readPeriods } from './read-periods.js';
import { sweepFiles } from './sweep-files.js';

type RetentionServices = Pick<Services, 'database' | 'configuration' | 'logger' | 'storage' | 'vault'>;

/** Organizations that one call works for. */
const pageSize = 20;
/** Batches that one organization gets a call, so that a large one does not keep the others waiting. */
const maxBatches = 500;

/**
 * Deletes what some organizations, those after one of them, have kept for long enough: run data, mails, kept results, and
 * then the files that nothing names any more. Their owners are told of quotas that run out. `onBatch` is called after each batch, and may throw to end it. Returns the
 * last organization; null when there are no more.
 */
export async function expireRunData(
  services: RetentionServices,
  after: string | null,
  onBatch: () => void,
): Promise<string | null> {
  if (after === null) await forgetLogIns(services.database, onBatch);
  const ids = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) {
    await deleteOf(services, id, onBatch);
    await tellOfQuotas(services, id);
  }
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}

async function deleteOf(services: RetentionServices, orgId: string, onBatch: () => void): Promise<void> {
  const { database, configuration, logger } = services;
  const periodsOf = async (transaction: Transaction) =>
    (await readPeriods(transaction, configuration)).periods;
  await deleteArchives(services, orgId);
  let count = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { runs, deliveries, keys, records, conversations } = await database.withOrg(
      orgId,
      async (transaction) => {
        const periods = await periodsOf(transaction);
        const days = { runs: periods.runs.days, deliveries: periods.deliveries.days };
        return {
          ...(await deleteExpiredRuns(transaction, days)),
          conversations: await deleteAgentRuns(transaction, periods.agent_runs.days),
          records: await deleteOldRecords(transaction, {
            mails: periods.mails.days,
            securityEvents: periods.security_events.days,
            aiCalls: periods.ai_calls.days,
          }),
        };
      },
    );
    onBatch();
    count += runs;
    if (runs + deliveries + keys + records + conversations === 0) break;
  }
  if (count > 0) logger.info({ orgId, runs: count }, 'Expired runs were deleted');
  const { files } = await database.withOrg(orgId, periodsOf);
  await sweepFiles(services, orgId, files.days, onBatch);
}
