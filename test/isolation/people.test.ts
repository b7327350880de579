import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { buildOrganization } from '../builders/build-organization.js';
import { openApplicationRole } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

describe('organizations and users, which have no org_id', () => {
  let system: TestSystem;
  let role: postgres.Sql;
  before(async () => {
    system = await testSystem();
    role = openApplicationRole(system.stack);
  });

  it('show an organization only itself and its people', async () => {
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    await role.begin(async (sql) => {
      await sql`SELECT set_config('app.org_id', ${own.orgId}, true)`;
      assert.deepEqual(await idsOf(sql, 'organizations'), [own.orgId]);
      assert.deepEqual(await idsOf(sql, 'users'), [own.userId]);
      const renamed = await sql`UPDATE organizations SET name = 'Taken' WHERE id = ${other.orgId}`;
      const people = await sql`UPDATE users SET name = 'Taken' WHERE id IN (${own.userId}, ${other.userId})`;
      assert.deepEqual([renamed.count, people.count], [0, 0]);
    });
  });

  it('show nothing without an organization or a person', async () => {
    await buildOrganization(system.app);
    await role.begin(async (sql) => {
      assert.deepEqual(await idsOf(sql, 'organizations'), []);
      assert.deepEqual(await idsOf(sql, 'users'), []);
    });
  });

  it('show a person before they have chosen an organization only themselves and their memberships', async () => {
    const [own] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    await role.begin(async (sql) => {
      await sql`SELECT set_config('app.user_id', ${own.userId}, true)`;
      assert.deepEqual(await idsOf(sql, 'users'), [own.userId]);
      const memberships = await sql<{ org_id: string }[]>`SELECT org_id FROM members`;
      assert.deepEqual(
        memberships.map((row) => row.org_id),
        [own.orgId],
      );
      assert.deepEqual(await idsOf(sql, 'tasks'), []);
    });
  });

  it('show a way to a provider to whoever has its state, and an identity to its person', async () => {
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    const stateHash = randomUUID();
    await role.begin(async (sql) => {
      await sql`SELECT set_config('app.sign_in_state', ${stateHash}, true)`;
      await sql`INSERT INTO sign_in_states (state_hash, browser_hash, return_to, expires_at)
        VALUES (${stateHash}, 'b', '/', now() + interval '1 minute')`;
      assert.equal((await sql`SELECT FROM sign_in_states WHERE state_hash = ${stateHash}`).length, 1);
      await sql`SELECT set_config('app.sign_in_state', 'another', true)`;
      assert.equal((await sql`DELETE FROM sign_in_states WHERE state_hash = ${stateHash}`).count, 0);
      await sql`SELECT set_config('app.user_id', ${own.userId}, true)`;
      await sql`INSERT INTO user_identities (provider, subject, user_id, email)
        VALUES ('github', ${stateHash}, ${own.userId}, 'a@example.com')`;
      await sql`SELECT set_config('app.user_id', ${other.userId}, true)`;
      await sql`SELECT set_config('app.org_id', ${own.orgId}, true)`;
      assert.deepEqual(await idsOf(sql, 'user_identities'), []);
      const [{ found } = { found: null }] = await sql<{ found: string | null }[]>`
        SELECT find_user_identity('github', ${stateHash}) AS found`;
      assert.equal(found, own.userId, 'which is how signing in finds the person');
      const stolen = sql.savepoint(
        (inner) => inner`INSERT INTO user_identities (provider, subject, user_id, email)
          VALUES ('google', ${stateHash}, ${own.userId}, 'a@example.com')`,
      );
      await assert.rejects(stolen, /row-level security/);
    });
  });
});

async function idsOf(sql: postgres.TransactionSql, table: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`SELECT id FROM ${sql(table)}`;
  return rows.map(({ id }) => id);
}
