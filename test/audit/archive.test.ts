import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { archiveAudit } from '#runtime/audit/archive/archive-audit.js';
import { expireArchives } from '#runtime/audit/archive/expire-archives.js';
import { chainStart, hashRow } from '#runtime/audit/chain.js';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import { sweepFiles } from '#runtime/retention/sweep-files.js';
import { assertRefused } from '../builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { openApplicationRole } from '../owner.js';
import { type AuditSystem, auditSystem, Entries, tamper, verify } from './audit-system.js';

const day = 86_400_000;
const Archives = z.object({
  items: z.array(
    z.object({ firstPosition: z.int(), lastPosition: z.int(), chainEnd: z.string(), sha256: z.string() }),
  ),
});
const Line = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('seal'), number: z.int(), chainEnd: z.string() }),
  z.object({
    kind: z.literal('entry'),
    position: z.int(),
    hash: z.string(),
    row: z.looseObject({ id: z.string() }).catchall(z.string().nullable()),
  }),
]);

describe('old audit entries', () => {
  let system: AuditSystem;
  before(async () => {
    system = await auditSystem();
  });

  const archive = (orgId: string, now = new Date()) =>
    archiveAudit(system.app.services, orgId, { now, onBatch: () => {} });
  const archivesOf = async ({ caller }: BuiltOrganization) =>
    Archives.parse(await system.app.perform(caller, 'audit.list_archives', {})).items;
  const countOf = async (table: string, orgId: string) => {
    const [row] =
      await system.owner`SELECT count(*)::int AS count FROM ${system.owner(table)} WHERE org_id = ${orgId}`;
    return z.object({ count: z.int() }).parse(row).count;
  };

  /** Entries that were sealed so long ago, and two that were sealed now. */
  async function buildOld(daysAgo: number): Promise<BuiltOrganization> {
    const organization = await buildOrganization(system.app);
    const { caller, orgId } = organization;
    for (let made = 0; made < 3; made += 1) await buildProject(system.app, caller);
    await sealAudit(system.app.services, orgId, new Date(Date.now() - daysAgo * day));
    for (let made = 0; made < 2; made += 1) await buildProject(system.app, caller);
    await sealAudit(system.app.services, orgId);
    return organization;
  }

  it('go to a file with their seals, and verification goes on from there', async () => {
    const organization = await buildOld(450);
    const { orgId, caller } = organization;
    const { items } = Entries.parse(await system.app.perform(caller, 'audit.list', { order: 'oldest' }));
    assert.equal(await archive(orgId), 4);
    const [made] = await archivesOf(organization);
    assert.deepEqual([made?.firstPosition, made?.lastPosition], [1, 4]);
    const left = Entries.parse(await system.app.perform(caller, 'audit.list', { order: 'oldest' }));
    assert.deepEqual(left.items, items.slice(4));
    assert.equal(await countOf('audit_details', orgId), 2);
    assert.deepEqual(await verify(system, caller), { checked: 2, erased: 0, next: null, firstBreak: null });

    const file = gunzipSync(await system.app.services.files(orgId).get(made?.sha256 ?? ''));
    const lines = file
      .toString()
      .trim()
      .split('\n')
      .map((line) => Line.parse(JSON.parse(line)));
    let hash = chainStart(orgId);
    for (const line of lines) {
      if (line.kind !== 'entry') continue;
      hash = hashRow(hash, line.row);
      assert.equal(line.hash, hash, 'the file proves itself');
    }
    assert.equal(hash, made?.chainEnd);
    assert.doesNotMatch(file.toString(), /Website/, 'no values of people are in it');
  });

  it('stay for as long as the organization wants, and until their month is over', async () => {
    const organization = await buildOld(430);
    const { orgId, caller } = organization;
    await system.owner`UPDATE organizations SET plan = 'pro' WHERE id = ${orgId}`;
    await system.app.perform(caller, 'retention.update', { kind: 'audit', days: 500 });
    assert.equal(await archive(orgId), 0);
    await system.app.perform(caller, 'retention.update', { kind: 'audit', days: 90 });
    // Within 90 days of the month in which they were sealed, of which the first is the earliest moment.
    const sealed = new Date(Date.now() - 430 * day);
    const nextMonth = Date.UTC(sealed.getUTCFullYear(), sealed.getUTCMonth() + 1, 1);
    assert.equal(await archive(orgId, new Date(nextMonth + 90 * day - 1)), 0);
    assert.equal(await archive(orgId, new Date(nextMonth + 90 * day)), 4);
  });

  it('stay no longer than the plan allows, whatever was chosen under another one', async () => {
    const { orgId, caller } = await buildOld(450);
    await system.owner`UPDATE organizations SET plan = 'pro' WHERE id = ${orgId}`;
    await system.app.perform(caller, 'retention.update', { kind: 'audit', days: 1_000 });
    assert.equal(await archive(orgId), 0);
    await system.owner`UPDATE organizations SET plan = 'free' WHERE id = ${orgId}`;
    const tooLong = system.app.perform(caller, 'retention.update', { kind: 'audit', days: 401 });
    await assertRefused(tooLong, 'validation', 'days');
    assert.equal(await archive(orgId), 4);
  });

  it('leave the archive when its time is over, and the rest of the log is proven as before', async () => {
    const organization = await buildOld(450);
    const { orgId, caller } = organization;
    await archive(orgId);
    const [made] = await archivesOf(organization);
    const address = made?.sha256 ?? '';
    const { files } = system.app.services;
    const expire = (days: number) =>
      expireArchives(system.app.services, orgId, new Date(Date.now() + days * day));
    await system.app.perform(caller, 'retention.update', { kind: 'audit_archives', days: 365 });
    assert.equal(await expire(364), 0);
    await files(orgId).get(address);
    assert.equal(await expire(366), 1);
    assert.equal(await expire(366), 0);
    await assertRefused(files(orgId).get(address), 'not_found');
    await system.owner`UPDATE stored_objects SET removed_at = now() - interval '30 days' WHERE org_id = ${orgId}`;
    await sweepFiles(system.app.services, orgId, 1, () => {});
    assert.equal((await archivesOf(organization)).length, 1);
    assert.deepEqual(await verify(system, caller), { checked: 2, erased: 0, next: null, firstBreak: null });
  });

  it('show it when what is left was changed, or cut off from the archive', async () => {
    const { orgId, caller } = await buildOld(450);
    await archive(orgId);
    const [first] = Entries.parse(await system.app.perform(caller, 'audit.list', { order: 'oldest' })).items;
    await tamper(system, (sql) => sql`UPDATE audit_log SET action = 'x.y' WHERE id = ${first?.id ?? ''}`);
    assert.deepEqual((await verify(system, caller)).firstBreak?.position, 5);
    const other = await buildOld(450);
    await archive(other.orgId);
    await tamper(system, (sql) => sql`DELETE FROM audit_archives WHERE org_id = ${other.orgId}`);
    const { firstBreak } = await verify(system, other.caller);
    assert.deepEqual([firstBreak?.kind, firstBreak?.position], ['removed', 1]);
  });

  it('are not archived where they are not what was sealed', async () => {
    const organization = await buildOld(450);
    const { orgId } = organization;
    await tamper(
      system,
      (sql) => sql`UPDATE audit_log SET via = 'x' WHERE org_id = ${orgId}
      AND id IN (SELECT audit_id FROM audit_chain WHERE org_id = ${orgId} AND position = 2)`,
    );
    assert.equal(await archive(orgId), 0);
    assert.deepEqual(await archivesOf(organization), []);
    assert.equal(await countOf('audit_log', orgId), 6);
  });

  it('are removed by a later call where the first one died before it came to that', async () => {
    const { orgId, caller } = await buildOld(450);
    const died = new Error('died');
    const dying = archiveAudit(system.app.services, orgId, {
      now: new Date(),
      onBatch: () => {
        throw died;
      },
    });
    await assert.rejects(dying, died);
    assert.equal(await countOf('audit_log', orgId), 6);
    assert.deepEqual((await verify(system, caller)).checked, 2, 'what is archived is proven by its seals');
    await archive(orgId);
    assert.equal(await countOf('audit_log', orgId), 2);
    assert.equal((await verify(system, caller)).firstBreak, null);
  });

  it('are archived once by two at the same time', async () => {
    const organization = await buildOld(450);
    const counts = await Promise.all([archive(organization.orgId), archive(organization.orgId)]);
    await archive(organization.orgId);
    assert.ok(counts.every((count) => count <= 4));
    assert.equal((await archivesOf(organization)).length, 1);
    assert.equal(await countOf('audit_log', organization.orgId), 2);
  });

  it('of the last 30 days stay, whatever the application says is archived', async () => {
    const { orgId } = await buildOld(20);
    const app = openApplicationRole(system.stack);
    const removed = await app.begin(async (sql) => {
      await sql`SELECT set_config('app.org_id', ${orgId}, true)`;
      await sql`INSERT INTO stored_objects ${sql({ org_id: orgId, sha256: 'f', size: 1, content_type: 'x' })}`;
      await sql`INSERT INTO audit_archives (org_id, first_position, last_position, chain_end, sha256, size)
        SELECT org_id, first_position, last_position, chain_end, 'f', 1 FROM audit_seals WHERE org_id = ${orgId}`;
      return sql`SELECT remove_archived_audit(1000) AS count`;
    });
    assert.equal(removed[0]?.count, 0);
    assert.equal(await countOf('audit_log', orgId), 6);
  });

  it('of another organization are out of reach', async () => {
    const [own, other] = [await buildOld(450), await buildOld(450)];
    await archive(own.orgId);
    assert.equal(await countOf('audit_log', other.orgId), 6);
  });
});
