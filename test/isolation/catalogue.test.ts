import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { openDatabase } from '#db/client.js';
import { tablesWithoutOrg } from '#db/isolation.js';
import { openOwner } from '../owner.js';
import { testSystem } from '../system.js';
import { privilegesOf } from './app-privileges.js';
import { listTenantTables } from './list-tables.js';

describe('the schema', () => {
  let owner: postgres.Sql;
  let tables: string[];
  before(async () => {
    owner = openOwner((await testSystem()).stack);
    tables = await listTenantTables(owner);
    assert.ok(tables.includes('tasks') && tables.includes('runs'));
  });

  it('has no table without org_id but those with a reason', async () => {
    const rows = await owner<{ name: string }[]>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`;
    const without = rows.map(({ name }) => name).filter((name) => !tables.includes(name));
    assert.deepEqual(without, Object.keys(tablesWithoutOrg).sort());
    for (const { reason } of Object.values(tablesWithoutOrg)) assert.match(reason, /\w{3}/);
  });

  it('enables and forces row-level security on every table', async () => {
    const lax = await owner`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT (relrowsecurity AND relforcerowsecurity)`;
    assert.deepEqual([...lax], []);
  });

  it('has no view, function or foreign table that could show rows past the policies', async () => {
    const relations = await owner`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')`;
    assert.deepEqual([...relations], []);
    const definers = await owner<{ name: string }[]>`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
        AND has_function_privilege('worksynapse_app', p.oid, 'EXECUTE') ORDER BY 1`;
    assert.deepEqual(
      definers.map(({ name }) => name),
      [
        'claim_dispatch(integer,uuid)',
        'end_sessions(uuid,text,uuid)',
        'erase_account(uuid)',
        'erase_marks(text,text,jsonb,integer,boolean)',
        'erase_rows(uuid,integer)',
        'find_invite(text[])',
        'find_joinable()',
        'find_log_in(citext)',
        'find_sso_connections(citext)',
        'find_user_identity(text,text)',
        'forget_ai_calls(integer,integer)',
        'forget_log_ins(integer)',
        'is_platform_session(uuid,uuid)',
        'list_organizations(uuid,integer)',
        'list_tenants(text,uuid,integer)',
        'list_unsealed(xid8)',
        'platform_health()',
        'remove_archived_audit(integer)',
      ],
    );
  });

  it('gives every tenant table one policy that shows and takes rows of the own organization only', async () => {
    const policies = await owner<{ tablename: string; cmd: string; qual: string; with_check: string }[]>`
      SELECT tablename, cmd, qual, with_check FROM pg_policies
      WHERE schemaname = 'public' AND roles = '{worksynapse_app}' AND policyname = 'tenant'`;
    for (const table of tables) {
      const own = policies.filter((policy) => policy.tablename === table);
      assert.equal(own.length, 1, `${table} has one tenant policy`);
      assert.equal(own[0]?.cmd, 'ALL', table);
      for (const condition of [own[0]?.qual, own[0]?.with_check]) {
        assert.match(
          condition ?? '',
          /^\(org_id = .*current_setting\('app\.org_id'::text, true\).*\)$/,
          table,
        );
      }
    }
  });

  it('adds no policy for the application but those that are listed', async () => {
    const others = await owner<{ policy: string }[]>`
      SELECT tablename || '.' || policyname || ' for ' || cmd AS policy FROM pg_policies
      WHERE schemaname = 'public' AND policyname <> 'tenant'
        AND ('worksynapse_app' = ANY (roles) OR 'public' = ANY (roles)) ORDER BY 1`;
    assert.deepEqual(
      others.map(({ policy }) => policy),
      [
        'automation_versions.published_stay for DELETE',
        'email_tokens.own for ALL',
        'erased_organizations.tombstone for SELECT',
        'known_devices.own for ALL',
        'log_ins.own for ALL',
        'members.own_memberships for SELECT',
        'passkeys.own for ALL',
        'public_calls.over for ALL',
        'public_calls.own_call for ALL',
        'recovery_codes.own for ALL',
        'security_events.late_stay for DELETE',
        'sign_in_challenges.own for ALL',
        'sign_in_states.state for ALL',
        'super_users.own for SELECT',
        'super_users.platform for ALL',
        'throttles.counted for ALL',
        'totp_secrets.own for ALL',
        'user_identities.own for ALL',
        'users.co_members for SELECT',
        'users.self for UPDATE',
        'users.sign_up for INSERT',
      ],
    );
  });

  it('requires org_id and puts it first in every key of a tenant table', async () => {
    const nullable = await owner`
      SELECT table_name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'org_id' AND is_nullable = 'YES'`;
    assert.deepEqual([...nullable], []);
    const keys = await owner<{ key: string }[]>`
      SELECT c.relname || ': ' || i.indexrelid::regclass AS key FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
      WHERE i.indisunique AND i.indkey[0] <> a.attnum ORDER BY 1`;
    // The queue's number is made by the database and shown to nobody.
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['dispatch_queue: dispatch_queue_pkey'],
    );
    for (const table of tables) {
      const [{ count } = { count: 0 }] = await owner<{ count: number }[]>`
        SELECT count(*)::int AS count FROM pg_index WHERE indrelid = ${table}::regclass AND indisprimary`;
      assert.equal(count, 1, `${table} has a primary key`);
    }
  });

  it('refers from one tenant table to another within the organization only', async () => {
    const loose = await owner<{ name: string }[]>`
      SELECT f.conname AS name FROM pg_constraint f
      JOIN pg_attribute own ON own.attrelid = f.conrelid AND own.attname = 'org_id'
      JOIN pg_attribute other ON other.attrelid = f.confrelid AND other.attname = 'org_id'
      WHERE f.contype = 'f' AND NOT (f.conkey[1] = own.attnum AND f.confkey[1] = other.attnum)`;
    assert.deepEqual([...loose], []);
  });

  it('gives the application no privilege but those it needs', async () => {
    const names = [...tables, ...Object.keys(tablesWithoutOrg)];
    for (const table of names) {
      const granted = await owner<{ privilege: string }[]>`
        SELECT privilege_type AS privilege FROM information_schema.table_privileges
        WHERE table_schema = 'public' AND table_name = ${table} AND grantee IN ('worksynapse_app', 'PUBLIC') ORDER BY 1`;
      const { table: expected, updatable, insertable } = privilegesOf(table);
      assert.deepEqual(
        granted.map(({ privilege }) => privilege),
        expected,
        table,
      );
      for (const [privilege, columns] of [
        ['UPDATE', updatable],
        ['INSERT', insertable],
      ] as const) {
        if (expected.includes(privilege)) continue;
        const granted = await owner<{ name: string }[]>`
          SELECT column_name AS name FROM information_schema.column_privileges
          WHERE table_schema = 'public' AND table_name = ${table} AND grantee = 'worksynapse_app'
            AND privilege_type = ${privilege} ORDER BY 1`;
        assert.deepEqual(
          granted.map(({ name }) => name),
          columns,
          table,
        );
      }
    }
  });

  it('lets the application log in as a role that can do nothing of its own', async () => {
    const [role] = await owner`
      SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        has_schema_privilege(oid, 'public', 'CREATE') AS creates,
        (SELECT count(*)::int FROM pg_auth_members m WHERE m.member = r.oid) AS memberships,
        (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owned
      FROM pg_roles r WHERE rolname = 'worksynapse_app'`;
    assert.deepEqual(
      { ...role },
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        creates: false,
        memberships: 0,
        owned: 0,
      },
    );
  });

  it('is not opened by a program that logs in as the owner', async () => {
    const { stack } = await testSystem();
    await assert.rejects(openDatabase(stack.ownerUrl, 1), /not superuser, not BYPASSRLS and owns no table/);
  });
});
