import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { projectRoot } from '#runtime/project-root.js';
import { onTestsEnd } from '#test/closing.js';
import { testSystem } from '#test/system.js';
import { migrate, migrationsFolder } from './migrate.js';

describe('migrating', () => {
  let ownerUrl: string;
  let appUrl: string;
  beforeEach(async () => {
    const { stack } = await testSystem();
    ownerUrl = stack.ownerUrl;
    const url = new URL(stack.databaseUrl);
    url.pathname = `/migrate_${randomBytes(6).toString('hex')}`;
    appUrl = url.href;
  });

  const run = () => migrate({ ownerUrl, appUrl, folder: migrationsFolder(projectRoot) });

  it('makes a database that is missing, and changes nothing the second time', async () => {
    await run();
    const before = await describeSchema();
    assert.ok(before.includes('policy tasks.tenant'));
    await run();
    assert.deepEqual(await describeSchema(), before);
  });

  it('isolates a table with org_id that came later, and refuses one without', async () => {
    await run();
    const owner = openOwner();
    await owner`CREATE TABLE invoices (org_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (org_id, id))`;
    await run();
    assert.ok((await describeSchema()).includes('policy invoices.tenant'));
    const [table] = await owner`
      SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'invoices'`;
    assert.deepEqual({ ...table }, { relrowsecurity: true, relforcerowsecurity: true });
    await owner`CREATE TABLE notes (id uuid PRIMARY KEY)`;
    await assert.rejects(run(), /Table notes has no org_id/);
  });

  it('can be done by two programs at once', async () => {
    await run();
    const before = await describeSchema();
    await Promise.all([run(), run()]);
    assert.deepEqual(await describeSchema(), before);
  });

  async function describeSchema(): Promise<string[]> {
    const rows = await openOwner()<{ line: string }[]>`
      SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type AS line
        FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT 'policy ' || tablename || '.' || policyname FROM pg_policies WHERE schemaname = 'public'
      UNION ALL SELECT 'right ' || table_name || ' ' || grantee || ' ' || privilege_type
        FROM information_schema.table_privileges WHERE table_schema = 'public'
      ORDER BY 1`;
    return rows.map(({ line }) => line);
  }

  function openOwner(): postgres.Sql {
    const url = new URL(ownerUrl);
    url.pathname = new URL(appUrl).pathname;
    const client = postgres(url.href, { max: 1, onnotice: () => {} });
    onTestsEnd(() => client.end({ timeout: 5 }));
    return client;
  }
});
