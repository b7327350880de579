import { type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.js';
import { isPersonal } from '#db/personal-data.js';
import { patternOf } from '../marks.js';
import type { DataStore, ErasedPerson, PartOfStore, Place, Subject } from './data-store.js';
import { exportedOf, type KnownTable, knownTables, ofPerson, tableOf } from './tables.js';

/** Rows of one page. */
const pageSize = 500;

/** The tables of the database; each is a part. Only rows of the organization are ever seen. */
export function createPostgresStore(database: Database): DataStore {
  const tables = [...knownTables.values()];

  return {
    name: 'postgres',
    holds: 'All business data, in tables.',
    exportedParts: async (_orgId, subject) =>
      tables.filter((table) => whyLeftOut(table, subject) === undefined).map(({ name }) => name),
    async read({ orgId, part }, subject, after) {
      const table = tableOf(part);
      // A key may be a secret: it is needed to go on, and not shown.
      const hidden = table.keys.map(({ name }) => name).filter((name) => !table.columns.includes(name));
      const own = subject.kind === 'person' ? (exportedOf(table, subject) ?? sql`false`) : sql`true`;
      const rows = await database.withOrg(orgId, async (transaction) => {
        if (subject.kind === 'person' && table.scope === 'person')
          await enterUser(transaction, subject.userId);
        return transaction.execute<{ row: string; key: Place }>(sql`
          SELECT (to_jsonb(page) - ${sql.param(hidden)}::text[])::text AS row, ${keyObject(table)} AS key FROM (
            SELECT ${names([...table.columns, ...hidden])} FROM ${sql.identifier(part)}
            WHERE ${own} AND ${afterPlace(table, after)} ${inOrder(table)} LIMIT ${pageSize}) AS page`);
      });
      const next = rows.length < pageSize ? null : (rows.at(-1)?.key ?? null);
      return { rows: rows.map(({ row }) => row), next };
    },
    leftOut: (subject) =>
      tables.flatMap((table) => {
        const reason = whyLeftOut(table, subject);
        if (reason !== undefined) return [{ what: table.name, reason }];
        return Object.entries(table.facts.secret ?? {}).map(([column, why]) => ({
          what: `${table.name}.${column}`,
          reason: why,
        }));
      }),
    erasedParts: async () => tables.filter(({ hasOrgId }) => hasOrgId).map(({ name }) => name),
    async erase(from, person, after) {
      if (tableOf(from.part).facts.emptied) return emptyRows(from, person);
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

  /** Some of the rows that are to be emptied, as many as a page has. */
  async function emptyRows(
    { orgId, part }: PartOfStore,
    { userId, marks }: ErasedPerson,
  ): Promise<{ count: number; next: Place }> {
    const table = tableOf(part);
    const { emptied } = table.facts;
    if (!emptied) return { count: 0, next: null };
    const { set, until, via } = emptied;
    const own = ofPerson(tableOf(via.table), { userId, email: marks.email });
    const name = sql.identifier(part);
    const rows = await database.withOrg(orgId, (transaction) =>
      transaction.execute(sql`
        UPDATE ${name} SET ${assignments(table, set)} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${name} AS one WHERE ${sql.identifier(until)} IS NULL
            AND (to_jsonb(one)::text ~* ${patternOf(marks)} OR ${sql.identifier(via.column)} IN (
              SELECT id FROM ${sql.identifier(via.table)} WHERE ${own ?? sql`false`}))
          LIMIT ${pageSize} FOR UPDATE))
        RETURNING 1`),
    );
    return { count: rows.length, next: rows.length < pageSize ? null : { again: true } };
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

/** Why an export does not hold a table; undefined if it does. */
function whyLeftOut({ facts, scope }: KnownTable, subject: Subject): string | undefined {
  if (facts.notExported) return facts.notExported;
  if (subject.kind === 'person') {
    if (!isPersonal(facts)) return facts.none;
    return scope === 'person' && !subject.isOwnWish
      ? 'It belongs to the account: only its person has it.'
      : undefined;
  }
  return scope === 'organization'
    ? undefined
    : 'It belongs to accounts of people, and not to the organization.';
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

/** What belongs to a person in whatever organization is seen by that person only. */
async function enterUser(transaction: Transaction, userId: string): Promise<void> {
  await transaction.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
}

/**
 * Takes name, address and password from an account that no organization holds any more, with all that belongs to it. Does
 * nothing to one that some organization holds.
 */
export async function eraseAccount(transaction: Transaction, userId: string): Promise<void> {
  const [account] = await transaction.execute<{ isErased: boolean }>(
    sql`SELECT erase_account(${userId}::uuid) AS "isErased"`,
  );
  if (!account?.isErased) return;
  await enterUser(transaction, userId);
  for (const table of knownTables.values()) {
    if (table.scope !== 'person') continue;
    const own = ofPerson(table, { userId, email: '' });
    await transaction.execute(sql`DELETE FROM ${sql.identifier(table.name)} WHERE ${own}`);
  }
}
