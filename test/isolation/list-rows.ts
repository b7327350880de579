import type postgres from 'postgres';
import { listTenantTables } from './list-tables.js';

/** Every row that an organization has in any table, as text. */
export async function listRows(owner: postgres.Sql, orgId: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await listTenantTables(owner)) {
    const rows = await owner<{ text: string }[]>`
      SELECT one::text AS text FROM ${owner(table)} AS one WHERE org_id = ${orgId} ORDER BY 1`;
    found.push(...rows.map(({ text }) => `${table} ${text}`));
  }
  return found;
}
