import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import { isPersonal } from '#db/personal-data.js';
import { patternOf } from '../marks.js';
import type { DataStore, ErasedPerson, PartOfStore, Place } from './data-store.js';
import { type KnownTable, knownTables, ofPerson, tableOf } from './tables.js';

/** Rows of one page. */
const pageSize = 500;

/** The tables of the database; each is a part. Only rows of the organization are ever seen. */
export function createPostgresStore(database: Database): DataStore {
  const tables = [...knownTables.values()];

  return {
    name: 'postgres',
    holds: 'All business data, in tables.',
    exportedParts: async (_orgId, subject) =>
      tables
        .filter(({ facts }) => !facts.notExported && (subject.kind === 'organization' || isPersonal(facts)))
        .map(({ name }) => name),
    async read({ orgId, part }, subject, after) {
      const table = tableOf(part);
      const own = subject.kind === 'person' ? (ofPerson(table, subject) ?? sql`false`) : sql`true`;
      const rows = await database.withOrg(orgId, (transaction) =>
        transaction.execute<{ row: string; key: Place }>(sql`
          SELECT to_jsonb(page)::text AS row, ${keyObject(table)} AS key FROM (
            SELECT ${names(table.columns)} FROM ${sql.identifier(part)}
            WHERE ${own} AND ${afterPlace(table, after)} ${inOrder(table)} LIMIT ${pageSize}) AS page`),
      );
      const next = rows.length < pageSize ? null : (rows.at(-1)?.key ?? null);
      return { rows: rows.map(({ row }) => row), next };
    },
    leftOut: (subject) =>
      tables.flatMap(({ name, facts }) => {
        if (facts.notExported) return [{ what: name, reason: facts.notExported }];
        if (subject.kind === 'person' && !isPersonal(facts)) return [{ what: name, reason: facts.none }];
        return Object.entries(facts.secret ?? {}).map(([column, reason]) => ({
          what: `${name}.${column}`,
          reason,
        }));
      }),
    erasedParts: async () => tables.filter(({ hasOrgId }) => hasOrgId).map(({ name }) => name),
    async erase(from, person, after) {
      const removed = after === null ? await eraseRows(from, person) : 0;
      if (tableOf(from.part).facts.fixedText) return { count: removed, next: null };
      const { count, next } = await goThrough(from, person, after, false);
      return { count: removed + count, next };
    },
    search: async (from, person, after) => {
      // It is looked at by the function only, and holds no text.
      if (tableOf(from.part).facts.notExported) return { count: 0, next: null };
      return goThrough(from, person, after, true);
    },
  };

  /** What the list says of a person's own rows. */
  async function eraseRows({ orgId, part }: PartOfStore, { userId, marks }: ErasedPerson): Promise<number> {
    const table = tableOf(part);
    const own = ofPerson(table, { userId, email: marks.email });
    if (!own || !isPersonal(table.facts) || table.facts.erasure.kind === 'keep') return 0;
    const { erasure } = table.facts;
    const name = sql.identifier(part);
    const statement =
      erasure.kind === 'delete'
        ? sql`DELETE FROM ${name} WHERE ${own} RETURNING 1`
        : sql`UPDATE ${name} SET ${assignments(table, erasure.set)} WHERE ${own} RETURNING 1`;
    return database.withOrg(orgId, async (transaction) => (await transaction.execute(statement)).length);
  }

  async function goThrough(
    { orgId, part }: PartOfStore,
    { marks }: ErasedPerson,
    after: Place,
    isCheck: boolean,
  ): Promise<{ count: number; next: Place }> {
    const place = after === null ? null : JSON.stringify(after);
    const [page] = await database.withOrg(orgId, (transaction) =>
      transaction.execute<{ last: Place; scanned: number; found: number }>(sql`
        SELECT last, scanned, found
        FROM erase_marks(${part}, ${patternOf(marks)}, ${place}::text::jsonb, ${pageSize}, ${isCheck})`),
    );
    if (!page) return { count: 0, next: null };
    return { count: page.found, next: page.scanned < pageSize ? null : page.last };
  }
}

function assignments({ types }: KnownTable, set: Readonly<Record<string, string | null>>): SQL {
  const parts = Object.entries(set).map(
    ([column, value]) =>
      sql`${sql.identifier(column)} = ${value}::text::${sql.raw(types.get(column) ?? 'text')}`,
  );
  return sql.join(parts, sql`, `);
}

const names = (columns: readonly string[]) => sql.join(columns.map(sql.identifier), sql`, `);

function keyObject({ keys }: KnownTable): SQL {
  if (keys.length === 0) return sql`NULL::jsonb`;
  const pairs = keys.map(({ name }) => sql`${name}::text, ${sql.identifier(name)}`);
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`;
}

function inOrder({ keys }: KnownTable): SQL {
  return keys.length === 0 ? sql`` : sql`ORDER BY ${names(keys.map(({ name }) => name))}`;
}

function afterPlace({ keys }: KnownTable, after: Place): SQL {
  if (after === null || keys.length === 0) return sql`true`;
  const values = keys.map(({ name, type }) => sql`${String(after[name])}::text::${sql.raw(type)}`);
  return sql`(${names(keys.map(({ name }) => name))}) > (${sql.join(values, sql`, `)})`;
}
