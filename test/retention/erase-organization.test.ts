import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { eraseDueOrganizations } from '#runtime/retention/erase-organizations.js';
import { erasureScheduleId } from '#workers/retention-schedule.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { openEngineClient, scheduledVersion, unscheduled } from '../builders/schedule-of.js';
import { startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { buildBusyOrganization } from '../isolation/build-busy-organization.js';
import { listRows } from '../isolation/list-rows.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';

const Settings = z.object({ slug: z.string() });
const Key = z.object({ key: z.string() });
const Id = z.object({ id: z.uuid() });

describe('deleting an organization', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
  });

  const perform = (caller: Caller, action: string, input: object = {}) =>
    system.app.perform(caller, action, input);
  const remove = async ({ caller }: Pick<BuiltOrganization, 'caller'>) => {
    const { slug } = Settings.parse(await perform(caller, 'organization.get_settings'));
    return perform(caller, 'organization.delete', { slug });
  };
  const endGrace = (orgId: string) =>
    owner`UPDATE organizations SET erase_at = now() - interval '1 second' WHERE id = ${orgId}`;
  async function eraseAll(): Promise<void> {
    let after: string | null = null;
    do after = await eraseDueOrganizations(system.app.services, after, () => {});
    while (after !== null);
  }

  it('is for owners in person, who type its address', async () => {
    const acme = await buildOrganization(system.app);
    const admin = await buildMember(system.app, acme, 'admin');
    const { slug } = Settings.parse(await perform(acme.caller, 'organization.get_settings'));
    await assertRefused(perform(admin.caller, 'organization.delete', { slug }), 'forbidden');
    const { key } = Key.parse(
      await perform(acme.caller, 'api_keys.create', { name: 'K', scopes: ['organization:*'] }),
    );
    const byKey = await system.app.resolveApiKey(key);
    await assertRefused(perform(byKey, 'organization.delete', { slug }), 'forbidden');
    const mistyped = { slug: `${slug}x` };
    await assertRefused(perform(acme.caller, 'organization.delete', mistyped), 'validation', 'slug');
    await remove(acme);
    await assertRefused(remove(acme), 'conflict');
  });

  it('stops all but its owners at once, and restoring it brings all back', async () => {
    const acme = await buildOrganization(system.app);
    const member = await buildMember(system.app, acme, 'admin');
    const { key } = Key.parse(
      await perform(acme.caller, 'api_keys.create', { name: 'K', scopes: ['tasks:read'] }),
    );
    const byKey = await system.app.resolveApiKey(key);
    const nodes = [{ id: 'look', type: 'action', action: 'tasks.list', input: {} }];
    const manual = await buildAutomation(system.app, acme.caller, chain({ type: 'manual' }, nodes));
    const [{ grant_id: grantId } = { grant_id: '' }] = await owner<{ grant_id: string }[]>`
      SELECT grant_id FROM automation_versions WHERE automation_id = ${manual.id}`;
    const runId = await startRun(system.app, acme.caller, manual.id);
    const automation = { orgId: acme.orgId, automationId: manual.id, grantId, runId, depth: 0 };
    const asAutomation: Caller = { kind: 'automation', ...automation };
    await perform(asAutomation, 'tasks.list');

    await remove(acme);
    for (const caller of [member.caller, byKey, asAutomation]) {
      await assertRefused(perform(caller, 'tasks.list'), 'forbidden');
    }
    await assertRefused(perform(member.caller, 'organization.restore'), 'forbidden');
    await perform(acme.caller, 'tasks.list');

    await perform(acme.caller, 'organization.restore');
    for (const caller of [member.caller, byKey, asAutomation]) await perform(caller, 'tasks.list');
  });

  it('stops webhooks and schedules, until it is restored', async () => {
    const acme = await buildOrganization(system.app);
    const engine = await openEngineClient(system.configuration);
    const nodes = [{ id: 'note', type: 'set', input: { values: {} } }];
    const hourly = await buildAutomation(
      system.app,
      acme.caller,
      chain({ type: 'schedule', input: { every: '1h' } }, nodes),
    );
    const hooked = await buildAutomation(system.app, acme.caller, chain({ type: 'webhook' }, nodes));
    const hookKey = hooked.webhookUrl.split('/').at(-1) ?? '';
    await scheduledVersion(engine, acme.orgId, hourly.id);
    await remove(acme);
    await unscheduled(engine, acme.orgId, hourly.id);
    await assertRefused(system.app.intake.findHook(hookKey), 'not_found');
    await perform(acme.caller, 'organization.restore');
    await scheduledVersion(engine, acme.orgId, hourly.id);
    await system.app.intake.findHook(hookKey);
  });

  it('erases it after the grace, rows, files and workflows, and nothing of another', async () => {
    const [gone, other] = [await buildBusyOrganization(system.app), await buildBusyOrganization(system.app)];
    const files = [gone, other].map(({ orgId }) => system.app.services.files(orgId));
    const kept = await Promise.all(files.map((store) => store.put(Buffer.from('content'), 'text/plain')));
    const engine = await openEngineClient(system.configuration);
    const [{ workflow_id: workflowId } = { workflow_id: '' }] = await owner<{ workflow_id: string }[]>`
      SELECT workflow_id FROM runs WHERE id = ${gone.runId}`;
    const rowsOfOther = await lastingRows(other.orgId);
    await remove(gone);

    await eraseAll();
    assert.ok((await listRows(owner, gone.orgId)).length > 0, 'nothing is erased within the grace');

    await endGrace(gone.orgId);
    await assertRefused(perform(gone.caller, 'organization.restore'), 'forbidden');
    await eraseAll();
    assert.deepEqual(await listRows(owner, gone.orgId), []);
    assert.deepEqual([...(await owner`SELECT FROM organizations WHERE id = ${gone.orgId}`)], []);
    const [tombstone] = await owner`SELECT id FROM erased_organizations WHERE id = ${gone.orgId}`;
    assert.equal(tombstone?.id, gone.orgId);
    await assertRefused(files[0]?.get(kept[0]?.sha256 ?? '') ?? assert.fail(), 'not_found');
    const { status } = await engine.workflow.getHandle(workflowId).describe();
    assert.equal(status.name, 'TERMINATED');
    await assertRefused(perform(gone.caller, 'tasks.list'), 'forbidden');

    assert.deepEqual(await lastingRows(other.orgId), rowsOfOther);
    assert.equal(Buffer.from((await files[1]?.get(kept[1]?.sha256 ?? '')) ?? []).toString(), 'content');
    assert.equal((await getRun(system.app, other.caller, other.runId)).status, 'waiting');
  });

  it('goes on erasing where it broke off', async () => {
    const acme = await buildBusyOrganization(system.app);
    await remove(acme);
    await endGrace(acme.orgId);
    let batches = 0;
    const broken = eraseDueOrganizations(system.app.services, null, () => {
      batches += 1;
      if (batches > 12) throw new Error('The worker is gone');
    });
    await assert.rejects(broken, /The worker is gone/);
    await eraseAll();
    assert.deepEqual(await listRows(owner, acme.orgId), []);
  });

  it('is refused to the application for what is not due, whatever it asks for', async () => {
    const acme = await buildOrganization(system.app);
    const rows = await tableCounts(acme.orgId);
    await system.app.services.database.withOrg(acme.orgId, (db) =>
      db.execute(sql`SELECT erase_rows(${acme.orgId}::uuid, 1000)`),
    );
    assert.deepEqual(await tableCounts(acme.orgId), rows);
  });

  it('is carried out by a schedule of the engine', async () => {
    const acme = await buildOrganization(system.app);
    const { id } = Id.parse(await perform(acme.caller, 'projects.create', { name: 'Doomed' }));
    assert.ok(id);
    await remove(acme);
    await endGrace(acme.orgId);
    const engine = await openEngineClient(system.configuration);
    const schedule = engine.schedule.getHandle(erasureScheduleId);
    await eventually('there is a schedule', () => schedule.describe().catch(() => undefined));
    await schedule.trigger();
    await eventually('the organization is gone', async () =>
      (await listRows(owner, acme.orgId)).length === 0 ? true : undefined,
    );
  });

  /** How many rows there are in each table that keeps them. */
  async function tableCounts(orgId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const row of await lastingRows(orgId)) {
      const table = row.slice(0, row.indexOf(' '));
      counts[table] = (counts[table] ?? 0) + 1;
    }
    return counts;
  }

  /** All rows but the dispatcher's notes, which come and go. */
  async function lastingRows(orgId: string): Promise<string[]> {
    return (await listRows(owner, orgId)).filter((row) => !row.startsWith('dispatch_queue '));
  }
});
