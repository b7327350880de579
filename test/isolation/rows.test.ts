import assert from 'node:assert/strict';
import postgres from 'postgres';
import { openApplicationRole, openOwner } from '../owner.js';
import { testSystem } from '../system.js';
import { type Privilege, privilegesOf } from './app-privileges.js';
import { buildTwins, type Twins } from './build-twins.js';
import { listRows } from './list-rows.js';
import { listTenantTables } from './list-tables.js';
import { type Row, twinRows } from './twin-rows.js';

type Statement = (sql: postgres.TransactionSql) => Promise<postgres.RowList<postgres.Row[]>>;

class Undo extends Error {}

describe('a row of another organization', () => {
  let owner: postgres.Sql;
  let app: postgres.Sql;
  let twins: Twins;
  let rowsOfOther: string[];
  const tables = Object.keys(twinRows);

  before(async () => {
    const { stack } = await testSystem();
    owner = openOwner(stack);
    app = openApplicationRole(stack);
    twins = await buildTwins(owner);
    rowsOfOther = await listRows(owner, twins.other);
    assert.ok(rowsOfOther.length >= tables.length);
  });
  afterEach(async () => {
    assert.deepEqual(await listRows(owner, twins.other), rowsOfOther, 'nothing of the other has changed');
  });

  it('is tried in every table of the schema', async () => {
    assert.deepEqual(await listTenantTables(owner), [...tables].sort());
  });

  for (const [table, { existing, other, change, isSingle }] of Object.entries(twinRows)) {
    const { table: privileges, updatable, insertable } = privilegesOf(table);
    const can = (privilege: Privilege) => privileges.includes(privilege);
    const secondRow = (orgId: string): Row => ({
      org_id: orgId,
      ...existing(twins.ids),
      ...other(twins.ids),
    });
    const insert =
      (row: Row): Statement =>
      async (sql) => {
        if (isSingle) await sql`DELETE FROM ${sql(table)}`;
        return sql`INSERT INTO ${sql(table)} ${sql(row)}`;
      };

    it(`is not seen in ${table}, the own one is`, async () => {
      const select: Statement = (sql) => sql`SELECT org_id FROM ${sql(table)}`;
      if (!can('SELECT')) return assertDenied(twins.own, select);
      const seen = await within(twins.own, select);
      assert.ok(seen.length > 0, 'the own row is seen');
      assert.deepEqual([...new Set(seen.map((row) => row.org_id))], [twins.own]);
      const ask: Statement = (sql) => sql`SELECT FROM ${sql(table)} WHERE org_id = ${twins.other}`;
      assert.equal((await within(twins.own, ask)).length, 0);
      assert.equal((await within(null, select)).length, 0, 'without an organization nothing is seen');
    });

    it(`is not written into ${table}, the own one is`, async () => {
      const isGiven = !can('INSERT') && insertable.length === 0;
      if (isGiven) return assertDenied(twins.own, insert(secondRow(twins.own)));
      assert.equal((await within(twins.own, insert(secondRow(twins.own)))).count, 1);
      await assertRefused(twins.own, insert(secondRow(twins.other)));
      await assertRefused(null, insert(secondRow(twins.own)));
    });

    it(`is not changed in ${table}, the own one is`, async () => {
      const set = change ?? { org_id: twins.own };
      const updateAll: Statement = (sql) => sql`UPDATE ${sql(table)} SET ${sql(set)}`;
      const updateOf =
        (orgId: string): Statement =>
        (sql) =>
          sql`UPDATE ${sql(table)} SET ${sql(set)} WHERE org_id = ${orgId}`;
      const isFixed = !can('UPDATE') && updatable.length === 0;
      assert.equal(change === null, isFixed, 'a change is named where one is allowed');
      if (isFixed) return assertDenied(twins.own, updateAll);
      assert.ok((await within(twins.own, updateOf(twins.own))).count > 0);
      assert.equal((await within(twins.own, updateOf(twins.other))).count, 0);
      assert.equal((await within(null, updateAll)).count, 0);
    });

    it(`is not made of an own one in ${table}`, async () => {
      await assertRefused(twins.own, (sql) => sql`UPDATE ${sql(table)} SET org_id = ${twins.other}`);
    });

    it(`is not deleted from ${table}, the own one is`, async () => {
      const remove =
        (row: Row): Statement =>
        (sql) =>
          sql`DELETE FROM ${sql(table)} AS one WHERE to_jsonb(one) @> ${JSON.stringify(row)}::text::jsonb`;
      if (!can('DELETE')) return assertDenied(twins.own, remove({}));
      const differences = other(twins.ids);
      const fresh = { ...secondRow(twins.own), ...differences };
      const deleted = await within(twins.own, async (sql) => {
        await insert(fresh)(sql);
        return remove({ org_id: twins.own, ...differences })(sql);
      });
      assert.equal(deleted.count, 1);
      assert.equal((await within(twins.own, remove({ org_id: twins.other }))).count, 0);
      assert.equal((await within(null, remove({}))).count, 0);
    });
  }

  /** Does something as the application's role in a transaction of an organization, or of none, and undoes it. */
  async function within(orgId: string | null, statement: Statement) {
    const results: postgres.RowList<postgres.Row[]>[] = [];
    const undone = app.begin(async (sql) => {
      if (orgId !== null) await sql`SELECT set_config('app.org_id', ${orgId}, true)`;
      results.push(await statement(sql));
      throw new Undo();
    });
    await undone.catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
    const [result] = results;
    assert.ok(result);
    return result;
  }

  /** By a policy or for lack of the privilege: both are insufficient_privilege. */
  async function assertRefused(orgId: string | null, statement: Statement): Promise<void> {
    await assert.rejects(within(orgId, statement), (error) => {
      assert.ok(error instanceof postgres.PostgresError, String(error));
      assert.equal(error.code, '42501', error.message);
      return true;
    });
  }

  async function assertDenied(orgId: string, statement: Statement): Promise<void> {
    await assert.rejects(within(orgId, statement), /permission denied/);
  }
});
