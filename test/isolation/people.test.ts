import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { platformOrgId } from '#core/platform.js';
import { tablesWithoutOrg } from '#db/isolation.js';
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

  it('hide what is of a person from everybody else, their own organization included', async () => {
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    for (const table of personTables) {
      await role.begin(async (sql) => {
        await sql`SELECT set_config('app.user_id', ${own.userId}, true)`;
        const row = personRows(own.userId)[table];
        assert.equal((await sql`INSERT INTO ${sql(table)} ${sql(row ?? {})}`).count, 1, table);
      });
      for (const [setting, value] of [
        ['app.user_id', other.userId],
        ['app.org_id', own.orgId],
      ] as const) {
        await role.begin(async (sql) => {
          await sql`SELECT set_config(${setting}, ${value}, true)`;
          const seen = await sql`SELECT FROM ${sql(table)} WHERE user_id = ${own.userId}`;
          const changed = await sql`UPDATE ${sql(table)} SET user_id = user_id WHERE user_id = ${own.userId}`;
          const removed = await sql`DELETE FROM ${sql(table)} WHERE user_id = ${own.userId}`;
          assert.deepEqual([seen.length, changed.count, removed.count], [0, 0, 0], `${table}, ${setting}`);
        });
        const planted = role.begin(async (sql) => {
          await sql`SELECT set_config(${setting}, ${value}, true)`;
          await sql`INSERT INTO ${sql(table)} ${sql(personRows(own.userId)[table] ?? {})}`;
        });
        await assert.rejects(planted, { code: '42501' }, `${table}, ${setting}`);
      }
    }
  });

  it('end nobody’s sessions but those of the person of the transaction', async () => {
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    const ended = await role.begin(async (sql) => {
      await sql`SELECT set_config('app.user_id', ${own.userId}, true)`;
      const [theirs] = await sql<{ count: number }[]>`SELECT end_sessions(${other.userId}, 'x') AS count`;
      const [mine] = await sql<{ count: number }[]>`SELECT end_sessions(${own.userId}, 'x') AS count`;
      return [theirs?.count, mine?.count];
    });
    assert.deepEqual(ended, [0, 1]);
    await system.app.perform(other.caller, 'identity.me', {});
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

  it('show who runs the platform there only, and each person that they do', async () => {
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    await role.begin(async (sql) => {
      await sql`SELECT set_config('app.org_id', ${platformOrgId}, true)`;
      await sql`INSERT INTO super_users (user_id) VALUES (${own.userId})`;
    });
    const theirs = (setting: string, value: string) =>
      role.begin(async (sql) => {
        await sql`SELECT set_config(${setting}, ${value}, true)`;
        const seen = await sql`SELECT FROM super_users WHERE user_id = ${own.userId}`;
        const removed = await sql`DELETE FROM super_users WHERE user_id = ${own.userId}`;
        return [seen.length, removed.count];
      });
    assert.deepEqual(await theirs('app.org_id', own.orgId), [0, 0]);
    assert.deepEqual(await theirs('app.user_id', other.userId), [0, 0]);
    assert.deepEqual(await theirs('app.user_id', own.userId), [1, 0]);
    for (const [setting, value] of [
      ['app.org_id', other.orgId],
      ['app.user_id', other.userId],
    ] as const) {
      const planted = role.begin(async (sql) => {
        await sql`SELECT set_config(${setting}, ${value}, true)`;
        await sql`INSERT INTO super_users (user_id) VALUES (${other.userId})`;
      });
      await assert.rejects(planted, { code: '42501' }, setting);
    }
    assert.deepEqual(await theirs('app.org_id', platformOrgId), [1, 1]);
  });

  it('give nothing of other organizations by the functions of the platform', async () => {
    const own = await buildOrganization(system.app);
    for (const [setting, value] of [
      ['app.org_id', own.orgId],
      ['app.user_id', own.userId],
    ] as const) {
      await role.begin(async (sql) => {
        await sql`SELECT set_config(${setting}, ${value}, true)`;
        assert.equal((await sql`SELECT FROM list_tenants(NULL, NULL, 10)`).length, 0, setting);
        assert.equal((await sql`SELECT FROM platform_health()`).length, 0, setting);
      });
    }
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

/** Tables of what belongs to a person: all without org_id but those of organizations, people, the platform, counts and states. */
const personTables = Object.keys(tablesWithoutOrg).filter(
  (table) =>
    ![
      'organizations',
      'users',
      'throttles',
      'public_calls',
      'sign_in_states',
      'erased_organizations',
      'super_users',
    ].includes(table),
);

/** A new row for each of these tables. */
function personRows(userId: string): Record<string, Record<string, unknown>> {
  const id = randomUUID();
  return {
    known_devices: { user_id: userId, hash: id },
    log_ins: { user_id: userId, outcome: 'succeeded', methods: '{password}' },
    email_tokens: {
      user_id: userId,
      purpose: 'verify',
      hash: id,
      email: 'a@example.com',
      expires_at: '2999-01-01',
    },
    totp_secrets: { user_id: userId, secret: 'sealed' },
    recovery_codes: { user_id: userId, hash: id },
    passkeys: {
      user_id: userId,
      name: 'Key',
      credential_id: id,
      public_key: Buffer.from('key'),
      counter: 0,
      transports: '{}',
      is_backed_up: false,
    },
    user_identities: { user_id: userId, provider: 'github', subject: id, email: 'a@example.com' },
    sign_in_challenges: { user_id: userId, purpose: 'passkey', expires_at: '2999-01-01' },
  };
}

async function idsOf(sql: postgres.TransactionSql, table: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`SELECT id FROM ${sql(table)}`;
  return rows.map(({ id }) => id);
}
