import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { onTestsEnd } from '#test/closing.js';
import { openOwner } from '#test/owner.js';
import { testSystem } from '#test/system.js';
import { openPool, type Pool, type Transaction } from './pool.js';

const poolSize = 4;

describe('the pool', () => {
  let owner: postgres.Sql;
  let pool: Pool;
  before(async () => {
    const { stack } = await testSystem();
    owner = openOwner(stack);
    pool = openPool(stack.databaseUrl, poolSize);
    onTestsEnd(() => pool.close());
  });

  it('rejects a transaction whose connection is lost before its next statement, and goes on', async () => {
    const lost = pool.transaction(async (transaction) => {
      await killConnectionOf(transaction);
      await transaction.execute(sql`SELECT 1`);
    });
    await assert.rejects(lost);
    await assertAllWork();
  });

  it('rejects a transaction whose connection is lost before its end, and goes on', async () => {
    await assert.rejects(pool.transaction((transaction) => killConnectionOf(transaction)));
    await assertAllWork();
  });

  it('rejects a transaction whose connection is lost when it fails by itself, and goes on', async () => {
    const lost = pool.transaction(async (transaction) => {
      await killConnectionOf(transaction);
      throw new Error('No room');
    });
    await assert.rejects(lost);
    await assertAllWork();
  });

  it('rejects transactions that all lose their connections at once, and goes on', async () => {
    const lost = Array.from({ length: poolSize }, () =>
      pool.transaction(async (transaction) => {
        await killConnectionOf(transaction);
        await Promise.all([transaction.execute(sql`SELECT 1`), transaction.execute(sql`SELECT 2`)]);
      }),
    );
    for (const { status } of await Promise.allSettled(lost)) assert.equal(status, 'rejected');
    await assertAllWork();
  });

  it('undoes what a transaction did before it failed', async () => {
    const failing = pool.transaction(async (transaction) => {
      await transaction.execute(sql`CREATE TEMPORARY TABLE scratch (id integer)`);
      throw new Error('No room');
    });
    await assert.rejects(failing, /No room/);
    await assertAllWork();
    const [{ found } = { found: true }] = await pool.transaction((transaction) =>
      transaction.execute<{ found: boolean }>(
        sql`SELECT to_regclass('pg_temp.scratch') IS NOT NULL AS found`,
      ),
    );
    assert.equal(found, false);
  });

  it('takes lists of texts as they are', async () => {
    const texts = ['plain', 'with "quotes"', 'with \\ and ,', '{braces}', 'NULL', '', 'Größe 長さ'];
    const rows = await pool.transaction((transaction) =>
      transaction.execute<{ text: string }>(sql`SELECT unnest(${sql.param(texts)}::text[]) AS text`),
    );
    assert.deepEqual(
      rows.map(({ text }) => text),
      texts,
    );
  });

  /** Ends the transaction's own connection at the server, and resolves when the server has forgotten it. */
  async function killConnectionOf(transaction: Transaction): Promise<void> {
    const [row] = await transaction.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
    const pid = row?.pid ?? 0;
    await owner`SELECT pg_terminate_backend(${pid}, 5000)`;
    // The news travels to this process by its own way.
    await owner`SELECT pg_sleep(0.05)`;
  }

  async function assertAllWork(): Promise<void> {
    const calls = Array.from({ length: poolSize * 10 }, (_, index) =>
      pool.transaction((transaction) => transaction.execute<{ n: number }>(sql`SELECT ${index}::int AS n`)),
    );
    const results = await Promise.all(calls);
    assert.deepEqual(
      results.map(([row]) => row?.n),
      calls.map((_, index) => index),
    );
  }
});
