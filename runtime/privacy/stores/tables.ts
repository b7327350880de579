import { is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { isPersonal, personalData, type TableOfData } from '#db/personal-data.js';
import * as schema from '#db/schema/index.js';

/** What exports and erasures know of a table. */
export interface KnownTable {
  name: string;
  facts: TableOfData;
  /** Columns of the primary key but org_id, with their types. */
  keys: readonly { name: string; type: string }[];
  /** Columns that an export holds. */
  columns: readonly string[];
  /** Types of all columns, by name. */
  types: ReadonlyMap<string, string>;
  /**
   * Whose rows a transaction sees: the organization's, or those of a person in whatever organization; of the deployment
   * are those that belong to neither.
   */
  scope: 'organization' | 'person' | 'deployment';
  hasOrgId: boolean;
}

/** Tables without org_id of which an organization sees its own row, and its people. */
const seenInOrganization = new Set(['organizations', 'users']);

/** Every table of the schema, by name. Throws for one that is not in the list of personal data. */
export const knownTables: ReadonlyMap<string, KnownTable> = new Map(
  Object.values(schema)
    .filter((one) => is(one, PgTable))
    .map(getTableConfig)
    .map(({ name, columns, primaryKeys }): [string, KnownTable] => {
      const facts = personalData[name];
      if (!facts) throw new Error(`Table ${name} has no place on the list in db/personal-data.ts`);
      const types = new Map(columns.map((column) => [column.name, column.getSQLType()]));
      const keyed = [
        ...columns.filter(({ primary }) => primary),
        ...primaryKeys.flatMap((key) => key.columns),
      ];
      const keys = keyed
        .filter((column) => column.name !== 'org_id')
        .map((column) => ({ name: column.name, type: types.get(column.name) ?? 'text' }));
      const shown = columns.filter(
        (column) => !facts.secret?.[column.name] && column.generated === undefined,
      );
      const hasOrgId = types.has('org_id');
      const ofPerson = isPersonal(facts) ? 'person' : 'deployment';
      const scope = hasOrgId || seenInOrganization.has(name) ? 'organization' : ofPerson;
      const names = shown.map((column) => column.name);
      return [name, { name, facts, keys, columns: names, types, scope, hasOrgId }];
    }),
);

/** The table of a name. */
export function tableOf(name: string): KnownTable {
  const table = knownTables.get(name);
  if (!table) throw new Error(`There is no table ${name}`);
  return table;
}

/** Condition for rows that are a person's; undefined where the table has none of persons. */
export function ofPerson({ facts }: KnownTable, { userId, email }: { userId: string; email: string }) {
  if (!isPersonal(facts)) return undefined;
  const named = Object.entries(facts.person).map(([column, key]) => {
    const name = sql.identifier(column);
    if (key === 'email') return sql`lower(${name}) = lower(${email})`;
    return key === 'user' ? sql`${name} = ${userId}::uuid` : sql`${name} = ${`user:${userId}`}`;
  });
  return sql`(${sql.join(named, sql` OR `)})`;
}

/** Condition for rows that an export of a person holds: theirs, and those that belong to a row of theirs. */
export function exportedOf(table: KnownTable, person: { userId: string; email: string }) {
  const own = ofPerson(table, person);
  const { facts } = table;
  if (!own || !isPersonal(facts) || !facts.belongsTo) return own;
  const { column, table: parent } = facts.belongsTo;
  const theirs = ofPerson(tableOf(parent), person) ?? sql`false`;
  return sql`(${own} OR ${sql.identifier(column)} IN (SELECT id FROM ${sql.identifier(parent)} WHERE ${theirs}))`;
}
