import assert from 'node:assert/strict';
import { register } from 'prom-client';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import { type AuditSystem, auditSystem, Status } from '#test/audit/audit-system.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { eventually } from '#test/eventually.js';
import { startAuditSealer } from './audit-sealer.js';

describe('the sealer of audit logs', () => {
  let system: AuditSystem;
  let sealer: { stop(): Promise<void> } | undefined;
  before(async () => {
    system = await auditSystem();
  });
  afterEach(async () => {
    await sealer?.stop();
    sealer = undefined;
  });

  async function readUnsealed(caller: Parameters<AuditSystem['app']['perform']>[0]) {
    return Status.parse(await system.app.perform(caller, 'audit.status', {})).unsealed.count;
  }
  const sealedAll = (caller: Parameters<typeof readUnsealed>[0]) =>
    eventually('all entries are sealed', async () => ((await readUnsealed(caller)) === 0 ? true : undefined));
  async function metric(name: string): Promise<number> {
    const found = await register.getSingleMetric(name)?.get();
    return found?.values[0]?.value ?? -1;
  }

  it('seals what was left when the last one ended, and what is written from then on', async () => {
    const [one, two] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    sealer = startAuditSealer(system.app.services);
    await Promise.all([sealedAll(one.caller), sealedAll(two.caller)]);
    await buildProject(system.app, two.caller);
    await sealedAll(two.caller);
  });

  it('tells how many entries wait, and for how long the oldest has', async () => {
    const { caller } = await buildOrganization(system.app);
    sealer = startAuditSealer(system.app.services);
    await sealedAll(caller);
    await buildProject(system.app, caller);
    await eventually('an entry was seen to wait', async () =>
      (await metric('worksynapse_audit_unsealed_rows')) > 0 ? true : undefined,
    );
    assert.ok((await metric('worksynapse_audit_unsealed_age_seconds')) > 0);
    await eventually('none waits any more', async () =>
      (await metric('worksynapse_audit_unsealed_rows')) === 0 ? true : undefined,
    );
  });

  it('goes on with the others where an organization can not be sealed', async () => {
    const [broken, whole] = [await buildOrganization(system.app), await buildOrganization(system.app)];
    await sealAudit(system.app.services, broken.orgId);
    // A seal of a number that comes next: the sealer can't write its own.
    await system.owner`INSERT INTO audit_seals
      SELECT org_id, number + 1, 99, 99, chain_end, '0', sealed_at, previous_hash, hash FROM audit_seals
      WHERE org_id = ${broken.orgId}`;
    await system.owner`INSERT INTO audit_chain (org_id, position, audit_id, hash)
      VALUES (${broken.orgId}, 100, ${broken.orgId}, 'x')`;
    await Promise.all([buildProject(system.app, broken.caller), buildProject(system.app, whole.caller)]);
    sealer = startAuditSealer(system.app.services);
    await sealedAll(whole.caller);
    assert.equal(await readUnsealed(broken.caller), 1);
  });
});
