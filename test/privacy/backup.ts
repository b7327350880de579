import type postgres from 'postgres';
import { listTenantTables } from '../isolation/list-tables.js';

/** What a backup holds of an organization: all rows of its tables, itself, and the accounts of its people. */
export interface Backup {
  /** Brings the rows back as they were; later ones go. */
  restore(): Promise<void>;
}

/** Dumps all rows of an organization, past all policies and triggers, as a backup of the database does. */
export async function takeBackup(owner: postgres.Sql, orgId: string): Promise<Backup> {
  const dumps: { table: string; where: postgres.Fragment; rows: string }[] = [];
  const dump = async (table: string, where: postgres.Fragment) => {
    const [{ rows } = { rows: '[]' }] = await owner<{ rows: string }[]>`
      SELECT coalesce(jsonb_agg(to_jsonb(one)), '[]')::text AS rows FROM ${owner(table)} AS one WHERE ${where}`;
    dumps.push({ table, where, rows });
  };
  for (const table of await listTenantTables(owner)) await dump(table, owner`org_id = ${orgId}`);
  await dump('organizations', owner`id = ${orgId}`);
  await dump('erased_organizations', owner`id = ${orgId}`);
  const people = await owner<{ user_id: string }[]>`SELECT user_id FROM members WHERE org_id = ${orgId}`;
  await dump('users', owner`id IN ${owner(people.map(({ user_id }) => user_id))}`);

  return {
    restore: () =>
      owner.begin(async (transaction) => {
        await transaction`SET LOCAL session_replication_role = replica`;
        for (const { table, where, rows } of dumps) {
          const columns = await transaction<{ name: string }[]>`
            SELECT attname AS name FROM pg_attribute WHERE attrelid = ${`public.${table}`}::regclass
              AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;
          const names = transaction(columns.map(({ name }) => name));
          await transaction`DELETE FROM ${transaction(table)} WHERE ${where}`;
          await transaction`INSERT INTO ${transaction(table)} (${names}) OVERRIDING SYSTEM VALUE
            SELECT ${names} FROM jsonb_populate_recordset(NULL::${transaction(table)}, ${rows}::text::jsonb)`;
        }
      }),
  };
}
