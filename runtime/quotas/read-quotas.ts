import { sql } from 'drizzle-orm';
import { type QuotaName, type QuotaState, quotas } from '#core/quotas.js';
import type { Transaction } from '#db/client.js';
import { limitOf, nextMonth, usedOf } from './quota-sql.js';

/** How much the organization of the transaction may use of these, and has used, at this moment. In one statement. */
export async function readQuotas(
  transaction: Transaction,
  orgId: string,
  names: readonly QuotaName[],
): Promise<QuotaState[]> {
  const selects = names.map(
    (name) => sql`SELECT ${name}::text AS name, ${limitOf(orgId, name)}::float8 AS max,
      ${usedOf(orgId, name)}::float8 AS used, to_json(${nextMonth}) #>> '{}' AS next_month`,
  );
  const rows = await transaction.execute<{
    name: QuotaName;
    max: number | null;
    used: number;
    next_month: string;
  }>(sql.join(selects, sql` UNION ALL `));
  return rows.map(({ name, max, used, next_month }) => ({
    name,
    limit: max,
    used,
    resetsAt: quotas[name].isMonthly ? new Date(next_month).toISOString() : null,
  }));
}
