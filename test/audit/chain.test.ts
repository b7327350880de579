import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { keepAudit } from '#runtime/audit/keep-audit.js';
import { keepAnchor, newestAnchor } from '#runtime/audit/kept-anchors.js';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import { verifyAudit } from '#runtime/audit/verify/verify-audit.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import {
  type AuditSystem,
  auditSystem,
  buildSealed,
  Entries,
  Status,
  tamper,
  verify,
} from './audit-system.js';

const intact = { next: null, firstBreak: null };

describe('the chain of an audit log', () => {
  let system: AuditSystem;
  before(async () => {
    system = await auditSystem();
  });

  it('gives every entry a place, in order and without gaps, and proves that all is as it was', async () => {
    const { caller, auditIds, orgId } = await buildSealed(system, 8);
    const chain =
      await system.owner`SELECT audit_id, position FROM audit_chain WHERE org_id = ${orgId} ORDER BY 2`;
    assert.deepEqual(
      chain.map(({ audit_id, position }) => [audit_id, Number(position)]),
      auditIds.map((id, index) => [id, index + 1]),
    );
    assert.deepEqual(await verify(system, caller), { checked: 8, erased: 0, ...intact });
    const status = Status.parse(await system.app.perform(caller, 'audit.status', {}));
    assert.deepEqual([status.seal?.number, status.seal?.position, status.unsealed.count], [3, 8, 0]);
  });

  it('counts what is not sealed yet, and seals it later', async () => {
    const { caller, orgId } = await buildSealed(system, 3);
    await buildProject(system.app, caller);
    const { unsealed } = Status.parse(await system.app.perform(caller, 'audit.status', {}));
    assert.equal(unsealed.count, 1);
    assert.ok((unsealed.oldestAgeSeconds ?? -1) >= 0);
    assert.equal((await verify(system, caller)).checked, 3);
    assert.deepEqual(await sealAudit(system.app.services, orgId), { sealed: 1, isIncomplete: false });
    assert.deepEqual(await sealAudit(system.app.services, orgId), { sealed: 0, isIncomplete: false });
    assert.equal((await verify(system, caller)).checked, 4);
  });

  it('is verified a stretch at a time, each beginning where the last one ended', async () => {
    const { caller } = await buildSealed(system, 7);
    const first = await verify(system, caller, { maxRows: 4 });
    assert.deepEqual(first, { checked: 4, erased: 0, next: 4, firstBreak: null });
    assert.deepEqual(await verify(system, caller, { maxRows: 4, after: 4 }), {
      checked: 3,
      erased: 0,
      ...intact,
    });
  });

  for (const [column, value] of [
    ['action', 'tasks.delete'],
    ['principal_id', randomUUID()],
    ['on_behalf_of', null],
    ['target_id', 'another'],
    ['created_at', '2020-01-01'],
    ['transaction_id', '4'],
    ['request_id', 'another'],
    ['details_hash', null],
  ] as const) {
    it(`shows a row whose ${column} was edited`, async () => {
      const { caller, auditIds } = await buildSealed(system, 5);
      const auditId = auditIds[3] ?? '';
      await tamper(
        system,
        (sql) => sql`UPDATE audit_log SET ${sql({ [column]: value })} WHERE id = ${auditId}`,
      );
      const { checked, firstBreak } = await verify(system, caller);
      assert.deepEqual(firstBreak, { kind: 'edited', position: 4, auditId, seal: null });
      assert.equal(checked, 3);
    });
  }

  it('shows a removed row, by itself, with its entry, and at the very end', async () => {
    const { caller, auditIds } = await buildSealed(system, 6);
    await tamper(system, (sql) => sql`DELETE FROM audit_log WHERE id = ${auditIds[2] ?? ''}`);
    const alone = await verify(system, caller);
    assert.deepEqual(alone.firstBreak, { kind: 'removed', position: 3, auditId: auditIds[2], seal: null });
    await tamper(system, (sql) => sql`DELETE FROM audit_chain WHERE audit_id = ${auditIds[2] ?? ''}`);
    const both = await verify(system, caller);
    assert.deepEqual(both.firstBreak, { kind: 'removed', position: 3, auditId: null, seal: null });

    const other = await buildSealed(system, 6);
    const last = other.auditIds[5] ?? '';
    await tamper(system, (sql) => sql`DELETE FROM audit_log WHERE id = ${last}`);
    await tamper(system, (sql) => sql`DELETE FROM audit_chain WHERE audit_id = ${last}`);
    const cut = await verify(system, other.caller);
    assert.deepEqual(cut.firstBreak, { kind: 'removed', position: 6, auditId: null, seal: null });
  });

  for (const [one, two] of [
    [2, 3],
    [2, 5],
  ] as const) {
    it(`shows that the rows at ${one} and ${two} have changed places`, async () => {
      const { caller, orgId, auditIds } = await buildSealed(system, 6);
      const put = (position: number, id: string | undefined) =>
        tamper(
          system,
          (sql) =>
            sql`UPDATE audit_chain SET audit_id = ${id ?? ''} WHERE org_id = ${orgId} AND position = ${position}`,
        );
      await put(one, randomUUID());
      await put(two, auditIds[one - 1]);
      await put(one, auditIds[two - 1]);
      const { firstBreak } = await verify(system, caller);
      assert.equal(firstBreak?.kind, 'reordered');
      assert.equal(firstBreak.position, one);
    });
  }

  it('shows two places that were exchanged with their hashes', async () => {
    const { caller, orgId } = await buildSealed(system, 6);
    await tamper(system, async (sql) => {
      await sql`UPDATE audit_chain SET position = position + 100 WHERE org_id = ${orgId} AND position IN (2, 3)`;
      await sql`UPDATE audit_chain SET position = CASE position WHEN 102 THEN 3 ELSE 2 END
        WHERE org_id = ${orgId} AND position > 100`;
    });
    const { firstBreak } = await verify(system, caller);
    assert.deepEqual([firstBreak?.kind, firstBreak?.position], ['reordered', 2]);
  });

  it('shows a row that was put in among the old ones', async () => {
    const { caller, orgId, userId } = await buildSealed(system, 4);
    const [made] = await system.owner`INSERT INTO audit_log
      ${system.owner({ org_id: orgId, principal_kind: 'user', principal_id: userId, action: 'a.b', transaction_id: '3' })}
      RETURNING id`;
    const { firstBreak } = await verify(system, caller);
    assert.deepEqual(firstBreak, { kind: 'inserted', position: null, auditId: made?.id, seal: null });
  });

  it('shows that its end was taken away, by what is kept in the file store', async () => {
    const { caller, orgId } = await buildSealed(system, 6);
    const { services } = system.app;
    await keepAnchor(services, orgId, new Date('2026-05-01T10:00:00Z'));
    assert.deepEqual(await verify(system, caller), { checked: 6, erased: 0, ...intact });
    await tamper(system, async (sql) => {
      await sql`DELETE FROM audit_log WHERE org_id = ${orgId} AND id IN (
        SELECT audit_id FROM audit_chain WHERE org_id = ${orgId} AND position > 3)`;
      await sql`DELETE FROM audit_chain WHERE org_id = ${orgId} AND position > 3`;
      await sql`DELETE FROM audit_seals WHERE org_id = ${orgId} AND number > 1`;
    });
    const withoutAnchor = await services.database.withOrg(orgId, (db) =>
      verifyAudit(db, orgId, { after: 0, maxRows: 100 }),
    );
    assert.equal(withoutAnchor.firstBreak, null, 'the chain alone does not tell');
    const broken = { kind: 'anchor_mismatch', position: null, auditId: null, seal: 2 };
    assert.deepEqual((await verify(system, caller)).firstBreak, broken);
    await assert.rejects(keepAnchor(services, orgId, new Date('2026-05-02T10:00:00Z')), /ends before seal 2/);
    assert.deepEqual((await verify(system, caller)).firstBreak, broken, 'the anchor stays');
  });

  it('has its newest seal kept by the hourly schedule', async () => {
    const { caller, orgId } = await buildSealed(system, 3);
    const { services } = system.app;
    const now = new Date();
    let after: string | null = null;
    do after = await keepAudit(services, after, { now, onBatch: () => {} });
    while (after !== null);
    const { seal } = Status.parse(await system.app.perform(caller, 'audit.status', {}));
    const kept = await newestAnchor(services.storage, orgId);
    assert.deepEqual(kept, { seal: seal?.number, hash: seal?.hash });
  });

  it('shows a history that was written anew, where somebody has kept an anchor', async () => {
    const { caller, orgId, auditIds } = await buildSealed(system, 4);
    const { seal } = Status.parse(await system.app.perform(caller, 'audit.status', {}));
    assert.ok(seal);
    const anchor = { seal: seal.number, hash: seal.hash };
    assert.deepEqual((await verify(system, caller, { anchor })).firstBreak, null);
    await tamper(system, async (sql) => {
      await sql`DELETE FROM audit_log WHERE id = ${auditIds[1] ?? ''}`;
      await sql`DELETE FROM audit_details WHERE audit_id = ${auditIds[1] ?? ''}`;
      await sql`DELETE FROM audit_chain WHERE org_id = ${orgId}`;
      await sql`DELETE FROM audit_seals WHERE org_id = ${orgId}`;
    });
    await sealAudit(system.app.services, orgId);
    assert.deepEqual((await verify(system, caller)).firstBreak, null, 'the new history is whole in itself');
    const { firstBreak } = await verify(system, caller, { anchor });
    assert.deepEqual(firstBreak, { kind: 'anchor_mismatch', position: null, auditId: null, seal: 2 });
  });

  it('shows seals that were changed or removed', async () => {
    const one = await buildSealed(system, 6);
    await tamper(
      system,
      (sql) => sql`UPDATE audit_seals SET sealed_at = sealed_at - interval '1 day'
      WHERE org_id = ${one.orgId} AND number = 2`,
    );
    const changed = await verify(system, one.caller);
    assert.deepEqual([changed.firstBreak?.kind, changed.firstBreak?.seal], ['seal_mismatch', 2]);
    const two = await buildSealed(system, 9);
    await tamper(system, (sql) => sql`DELETE FROM audit_seals WHERE org_id = ${two.orgId} AND number = 2`);
    const removed = await verify(system, two.caller);
    assert.deepEqual([removed.firstBreak?.kind, removed.firstBreak?.seal], ['seal_mismatch', 3]);
  });

  it('belongs to one organization: entries of another do not fit into it', async () => {
    const [one, two] = [await buildSealed(system, 3), await buildSealed(system, 3)];
    await tamper(system, async (sql) => {
      for (const table of ['audit_seals', 'audit_chain', 'audit_log', 'audit_details'])
        await sql`DELETE FROM ${sql(table)} WHERE org_id = ${one.orgId}`;
      for (const table of ['audit_seals', 'audit_chain', 'audit_log', 'audit_details'])
        await sql`UPDATE ${sql(table)} SET org_id = ${one.orgId} WHERE org_id = ${two.orgId}`;
    });
    assert.notEqual((await verify(system, one.caller)).firstBreak, null);
  });

  it('is made by one of several who seal at once, and holds every entry once', async () => {
    const { orgId, caller } = await buildOrganization(system.app);
    const writing = Promise.all(Array.from({ length: 60 }, () => buildProject(system.app, caller)));
    const sealing = Array.from({ length: 20 }, () => sealAudit(system.app.services, orgId));
    await Promise.all([writing, ...sealing]);
    await sealAudit(system.app.services, orgId);
    assert.deepEqual(await verify(system, caller), { checked: 61, erased: 0, ...intact });
  });

  it('takes what a long transaction has written when that is over, though later ones are sealed', async () => {
    const { orgId, userId, caller } = await buildSealed(system, 2);
    const open = await system.owner.reserve();
    await open`BEGIN`;
    const [late] = await open`INSERT INTO audit_log
      ${open({ org_id: orgId, principal_kind: 'user', principal_id: userId, action: 'late.one' })} RETURNING id`;
    await buildProject(system.app, caller);
    assert.equal((await sealAudit(system.app.services, orgId)).sealed, 1);
    await open`COMMIT`;
    open.release();
    assert.equal((await sealAudit(system.app.services, orgId)).sealed, 1);
    const { items } = Entries.parse(await system.app.perform(caller, 'audit.list', {}));
    assert.equal(items.find(({ id }) => id === late?.id)?.position, 4);
    assert.deepEqual(await verify(system, caller), { checked: 4, erased: 0, ...intact });
  });

  it('goes on in a database whose transactions are counted anew', async () => {
    const { orgId, caller } = await buildSealed(system, 3);
    const Far = z.object({ far: z.string() });
    const [row] = await system.owner`SELECT (pg_current_xact_id()::text::bigint + 1000000)::text AS far`;
    const { far } = Far.parse(row);
    // As after a restore from a dump: the horizon lies beyond every transaction of this server.
    await tamper(system, (sql) => sql`UPDATE audit_seals SET horizon = ${far}::xid8 WHERE org_id = ${orgId}`);
    await buildProject(system.app, caller);
    assert.equal((await sealAudit(system.app.services, orgId)).sealed, 1);
    await buildProject(system.app, caller);
    assert.equal((await sealAudit(system.app.services, orgId)).sealed, 1);
  });

  it('is announced once a day, so that it can be kept elsewhere', async () => {
    const { orgId, caller } = await buildOrganization(system.app);
    const sealed = async (daysAgo: number) => {
      await buildProject(system.app, caller);
      await sealAudit(system.app.services, orgId, new Date(Date.now() - daysAgo * 86_400_000));
    };
    for (const daysAgo of [2, 2, 1, 1, 1]) await sealed(daysAgo);
    const Announced = z.object({
      items: z.array(z.object({ payload: z.object({ seal: z.int(), hash: z.string() }) })),
    });
    const { items } = Announced.parse(
      await system.app.perform(caller, 'events.list', { type: 'audit.sealed' }),
    );
    assert.deepEqual(
      items.map(({ payload }) => payload.seal),
      [3],
    );
    const [anchor] = items.map(({ payload: { seal, hash } }) => ({ seal, hash }));
    assert.equal((await verify(system, caller, { anchor })).firstBreak, null);
  });
});
