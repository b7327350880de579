import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import postgres from 'postgres';
import { demoModelKey } from './simulator/demo-model-key.js';
import type { Stack } from './stack.js';
import { startStack } from './start-stack.js';
import { temporaryFolder } from './temporary-folder.js';

describe('a stack of embedded services', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let stack: Stack | undefined;

  async function start(): Promise<Stack> {
    stack = await startStack({ home: folder.path, log: () => {} });
    return stack;
  }

  afterEach(async () => stack?.stop());
  after(() => folder.remove());

  async function query<T>(url: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = postgres(url, { max: 1 });
    try {
      return await run(sql);
    } finally {
      await sql.end();
    }
  }

  async function withTemporal<T>(address: string, run: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address });
    try {
      return await run(connection);
    } finally {
      await connection.close();
    }
  }

  it('runs the demo model, which answers with its key', async () => {
    const { demoModelUrl } = await start();
    const ask = (authorization: string) =>
      fetch(`${demoModelUrl}/models/demo`, { headers: { authorization } });
    assert.equal((await ask(`Bearer ${demoModelKey}`)).status, 200);
    assert.equal((await ask('Bearer another')).status, 401);
  });

  it('finds its rows and namespaces again after a stop, and after a crash of both', async () => {
    const first = await start();
    await query(first.ownerUrl, (sql) => sql`CREATE TABLE kept AS SELECT 'row' AS name`);
    await withTemporal(first.temporalAddress, ({ workflowService }) =>
      workflowService.registerNamespace({
        namespace: 'kept',
        workflowExecutionRetentionPeriod: msToTs('1 day'),
      }),
    );
    await first.stop();
    assert.ok(!existsSync(join(folder.path, 'stack.pids')));

    const second = await start();
    await Promise.all([second.postgres.kill(), second.temporal.kill()]);
    await Promise.all([second.postgres.start(), second.temporal.start()]);

    const rows = await query(second.ownerUrl, (sql) => sql`SELECT name FROM kept`);
    assert.deepEqual([...rows], [{ name: 'row' }]);
    const described = await withTemporal(second.temporalAddress, ({ workflowService }) =>
      workflowService.describeNamespace({ namespace: 'kept' }),
    );
    assert.equal(described.namespaceInfo?.name, 'kept');
  });

  it('keeps committed work durable and allows the connections of API and worker', async () => {
    const { ownerUrl } = await start();
    const read = (name: string) => query(ownerUrl, (sql) => sql`SELECT current_setting(${name}) AS value`);
    assert.equal((await read('fsync')).at(0)?.value, 'on');
    assert.equal((await read('synchronous_commit')).at(0)?.value, 'on');
    assert.equal((await read('max_connections')).at(0)?.value, '200');
    assert.equal((await read('server_encoding')).at(0)?.value, 'UTF8');
  });

  it('starts only the services that are wanted, and says so when another is asked for', async () => {
    stack = await startStack({ home: folder.path, log: () => {}, services: new Set(['chroma']) });
    const answer = await fetch(`${stack.chromaUrl}/api/v2/heartbeat`);
    assert.equal(answer.status, 200);
    assert.throws(() => stack?.ownerUrl, /This stack has no PostgreSQL/);
    assert.equal(stack.environment.DATABASE_URL, undefined);
  });

  it('stops what has started when one service fails', async () => {
    const began = startStack({
      home: folder.path,
      log: () => {},
      prepareDatabase: async () => {
        throw new Error('the migration failed');
      },
    });
    await assert.rejects(began, { message: 'the migration failed' });
    assert.ok(!existsSync(join(folder.path, 'postgres', 'postmaster.pid')));
    assert.ok(!existsSync(join(folder.path, 'stack.pids')));
  });
});
