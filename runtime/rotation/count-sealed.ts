import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { sealedPattern, vaultColumns } from './vault-columns.js';

/** How many values of a column a key has sealed. */
export interface SealedCount {
  table: string;
  column: string;
  keyId: string;
  count: number;
}

/** Counts the sealed values of an organization by column and key. */
export async function countSealed(transaction: Transaction): Promise<SealedCount[]> {
  const counts: SealedCount[] = [];
  for (const { table, column, value } of vaultColumns) {
    const rows = await transaction.execute<{ keyId: string; count: number }>(sql`
      SELECT split_part(${value}, ':', 2) AS "keyId", count(*)::integer AS count FROM ${sql.identifier(table)}
      WHERE ${value} ~ ${sealedPattern} GROUP BY 1 ORDER BY 1`);
    counts.push(...rows.map((row) => ({ table, column, ...row })));
  }
  return counts;
}
