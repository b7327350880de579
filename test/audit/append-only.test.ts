import assert from 'node:assert/strict';
import postgres from 'postgres';
import { openApplicationRole } from '../owner.js';
import { type AuditSystem, auditSystem, buildSealed } from './audit-system.js';

const tables = ['audit_log', 'audit_chain', 'audit_seals', 'audit_details'];

describe('the history of an organization', () => {
  let system: AuditSystem;
  let orgId: string;
  before(async () => {
    system = await auditSystem();
    ({ orgId } = await buildSealed(system, 4));
  });

  const asOwner = (statement: string) => system.owner.unsafe(statement);
  const asApplication = async (statement: string) => {
    const app = openApplicationRole(system.stack);
    await app.begin(async (sql) => {
      await sql`SELECT set_config('app.org_id', ${orgId}, true)`;
      await sql.unsafe(statement);
    });
  };

  async function assertRefused(work: Promise<unknown>): Promise<void> {
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof postgres.PostgresError, String(error));
      assert.equal(error.code, '42501', error.message);
      return true;
    });
  }

  for (const table of tables) {
    const change = table === 'audit_details' ? "content = '{}'" : 'org_id = org_id';
    for (const statement of [`UPDATE ${table} SET ${change}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      it(`is not rewritten by the application: ${statement}`, () => assertRefused(asApplication(statement)));
      it(`is not rewritten by the owner of the tables: ${statement}`, () =>
        assertRefused(asOwner(statement)));
    }
  }

  it('is not backdated by the application, nor put before what is sealed', async () => {
    for (const [column, value] of [
      ['created_at', "'2020-01-01'"],
      ['transaction_id', "'4'"],
    ]) {
      await assertRefused(
        asApplication(`INSERT INTO audit_log (org_id, id, principal_kind, principal_id, action, ${column})
          VALUES ('${orgId}', uuidv7(), 'user', uuidv7(), 'a.b', ${value})`),
      );
    }
  });

  it('loses details only by being erased whole, and no erasure is undone', async () => {
    const forms = [
      'erased_at = now()',
      'erased_at = now(), salt = NULL',
      'content = NULL, salt = NULL',
      "erased_at = now(), salt = NULL, content = '{}'",
    ];
    for (const form of forms) await assertRefused(asOwner(`UPDATE audit_details SET ${form}`));
    const [one] = await system.owner`SELECT audit_id FROM audit_details WHERE org_id = ${orgId} LIMIT 1`;
    const where = `WHERE audit_id = '${one?.audit_id}'`;
    await asApplication(`UPDATE audit_details SET erased_at = now(), salt = NULL, content = NULL ${where}`);
    await assertRefused(asOwner(`UPDATE audit_details SET erased_at = NULL ${where}`));
    await assertRefused(asApplication(`UPDATE audit_details SET salt = 's', content = '{}' ${where}`));
  });
});
