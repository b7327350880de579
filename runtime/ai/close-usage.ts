import { sql } from 'drizzle-orm';
import type { Services } from '../services.js';
import { closeDays } from './close-days.js';

/** Organizations that one call works for. */
const pageSize = 20;

/**
 * Sums up what some organizations, those after one of them, have used of models on days that are over, however many have
 * gathered. `onBatch` is called after each transaction, and may throw to end it. Returns the last organization; null when
 * there are no more.
 */
export async function closeUsage(
  { database }: Pick<Services, 'database'>,
  after: string | null,
  onBatch: () => void,
): Promise<string | null> {
  const ids = await database.withoutOrg((transaction) =>
    transaction.execute<{ id: string }>(sql`SELECT id FROM list_organizations(${after}::uuid, ${pageSize})`),
  );
  for (const { id } of ids) {
    for (let isMore = true; isMore; onBatch()) {
      isMore = await database.withOrg(id, (transaction) => closeDays(transaction, id));
    }
  }
  return ids.length < pageSize ? null : (ids.at(-1)?.id ?? null);
}
