import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** A workflow that has not shown itself after this long is started again, under the same id. */
const firstLookSeconds = 5;
const longestPauseSeconds = 60;

/**
 * Leaves a note for each workflow about to be started, by its first run. Should the process die before it has
 * started it, or the engine be away, the note comes due and the start is repeated.
 */
export async function watchStarts(
  transaction: Transaction,
  orgId: string,
  firstRunIds: readonly string[],
  attempts = 0,
): Promise<void> {
  if (firstRunIds.length === 0) return;
  const pauseSeconds = Math.min(longestPauseSeconds, firstLookSeconds * 2 ** attempts);
  await transaction.execute(sql`
    INSERT INTO dispatch_queue (org_id, kind, source_id, attempts, available_at)
    SELECT ${orgId}::uuid, 'run', id, ${attempts + 1}, now() + make_interval(secs => ${pauseSeconds})
    FROM unnest(${sql.param([...firstRunIds])}::uuid[]) AS id`);
}
