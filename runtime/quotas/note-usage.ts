import { type SQL, sql } from 'drizzle-orm';
import type { QuotaName } from '#core/quotas.js';
import type { Transaction } from '#db/client.js';
import { presentMonth } from './quota-sql.js';

/** That of the dispatcher, which has an organization to itself. */
export const dispatcherSlot = 0;
const otherSlots = 15;

/** A slot for somebody who counts beside others. */
export function anySlot(): number {
  return 1 + Math.floor(Math.random() * otherSlots);
}

/** Notes in the transaction that uses it that something was used: for good if that is committed, and else not. */
export async function noteUsage(
  transaction: Transaction,
  orgId: string,
  { name, count, slot = anySlot() }: { name: QuotaName; count: number; slot?: number },
): Promise<void> {
  if (count > 0) await transaction.execute(usageNote(orgId, name, sql`${count}::bigint`, slot));
}

/** The statement that does it, for as many as `count` says, if it is any. */
export function usageNote(orgId: string, name: QuotaName, count: SQL, slot = anySlot()): SQL {
  return sql`INSERT INTO usage_counts (org_id, name, month, slot, used)
    SELECT ${orgId}::uuid, ${name}, ${presentMonth}, ${slot}::smallint, counted.used FROM (SELECT ${count} AS used) AS counted
    WHERE counted.used > 0
    ON CONFLICT (org_id, name, month, slot) DO UPDATE SET used = usage_counts.used + excluded.used`;
}
