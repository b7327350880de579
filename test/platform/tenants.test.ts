import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { runSteps, runs, tasks } from '#db/schema/index.js';
import { AuditEntry } from '#domains/compliance/audit/audit-entry.js';
import type { Caller } from '#runtime/caller.js';
import { pageOutput } from '#runtime/resource/page.js';
import { createTask, type TestNode } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { type BuiltSuperUser, buildSuperUser } from '../builders/build-super-user.js';
import { deliver } from '../builders/deliver.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { runThat, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { servedSystem } from '../ingress/served-system.js';
import { type TestSystem, workingSystem } from '../system.js';

const Tenant = z.looseObject({
  id: z.string(),
  name: z.string(),
  plan: z.string(),
  members: z.int(),
  suspendedAt: z.string().nullable(),
});
const Shown = Tenant.extend({
  flags: z.array(z.looseObject({ name: z.string(), isOn: z.boolean(), imposed: z.boolean().nullable() })),
});
const Page = z.object({ items: z.array(Tenant), nextCursor: z.string().nullable() });
const Entries = pageOutput(AuditEntry);

describe('an organization, as super-users see it', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let other: BuiltOrganization;
  let sue: BuiltSuperUser;
  let mark: string;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    mark = `Mark ${randomUUID()}`;
    [acme, other, sue] = await Promise.all([
      buildOrganization(system.app, { name: mark }),
      buildOrganization(system.app),
      buildSuperUser(system.app),
    ]);
  });

  const perform = (caller: Caller, action: string, input: object = {}, options = {}) =>
    system.app.perform(caller, action, input, options);
  const as = async (action: string, input: object = {}, options = {}) =>
    Shown.parse(await perform(sue.caller, action, { organizationId: acme.orgId, ...input }, options));
  const entries = async (caller: Caller, action: string) =>
    Entries.parse(await perform(caller, 'audit.list', { action })).items;

  it('is found by a part of its name, in pages, with its members counted', async () => {
    await buildMember(system.app, acme, 'member');
    const twin = await buildOrganization(system.app, { name: `${mark.toUpperCase()} 2` });
    const first = Page.parse(await perform(sue.caller, 'tenants.list', { q: mark, limit: 1 }));
    assert.deepEqual(
      first.items.map(({ id, members }) => [id, members]),
      [[twin.orgId, 1]],
    );
    const next = { q: mark, limit: 1, cursor: first.nextCursor };
    const second = Page.parse(await perform(sue.caller, 'tenants.list', next));
    assert.deepEqual(
      second.items.map(({ id, members }) => [id, members]),
      [[acme.orgId, 2]],
    );
    assert.equal(second.nextCursor, null);
    assert.deepEqual(Page.parse(await perform(sue.caller, 'tenants.list', { q: '%' })).items, []);
    await assertRefused(perform(sue.caller, 'tenants.list', { cursor: 'x' }), 'validation', 'cursor');
  });

  it('is not the platform itself, nor one that is not there', async () => {
    for (const organizationId of [sue.caller.orgId, randomUUID()]) {
      await assertRefused(perform(sue.caller, 'tenants.get', { organizationId }), 'not_found');
      const suspend = { organizationId, reason: 'Unpaid' };
      await assertRefused(perform(sue.caller, 'tenants.suspend', suspend), 'not_found');
    }
    const { items } = Page.parse(await perform(sue.caller, 'tenants.list', { q: 'platform' }));
    assert.ok(!items.some(({ id }) => id === sue.caller.orgId));
  });

  it('gets another plan and flags, which it sees, and finds in its own audit log', async () => {
    assert.equal((await as('tenants.get')).plan, 'free');
    assert.equal((await as('tenants.set_plan', { plan: 'enterprise' })).plan, 'enterprise');
    const taken = await as('tenants.set_flag', { name: 'work', imposed: false });
    assert.deepEqual(taken.flags.find(({ name }) => name === 'work')?.isOn, false);
    await assertRefused(perform(acme.caller, 'projects.list'), 'module_off');
    await assertRefused(perform(acme.caller, 'flags.set', { name: 'work', isOn: true }), 'conflict');
    await perform(other.caller, 'projects.list');
    await as('tenants.set_flag', { name: 'work', imposed: null });
    await perform(acme.caller, 'projects.list');

    const [entry] = await entries(acme.caller, 'tenants.set_plan');
    assert.deepEqual(
      [entry?.principalKind, entry?.principalId, entry?.onBehalfOf, entry?.via],
      ['super_user', sue.userId, null, 'platform'],
    );
    assert.equal((await entries(acme.caller, 'tenants.get')).length, 1, 'that it was looked at is told, too');
    assert.deepEqual(await entries(other.caller, 'tenants.*'), []);
    const log = JSON.stringify(await perform(sue.caller, 'platform.list_audit', { principalId: sue.userId }));
    assert.ok(!log.includes('tenants.set_plan'));
  });

  it('has the rates of its plan', async () => {
    const { address } = await servedSystem();
    await as('tenants.set_plan', { plan: 'enterprise' });
    const policyOf = async ({ accessToken }: BuiltOrganization) => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await fetch(`${address}/v1/projects`, { headers });
      assert.equal(response.status, 200);
      const [, quota] = /"organization";q=(\d+)/.exec(response.headers.get('ratelimit-policy') ?? '') ?? [];
      return Number(quota);
    };
    assert.equal(await policyOf(acme), 20 * (await policyOf(other)));
  });

  it('is changed once for one idempotency key, and the key is that of one organization', async () => {
    const once = () => as('tenants.suspend', { reason: 'Unpaid' }, { idempotencyKey: mark });
    assert.deepEqual(await once(), await once());
    const elsewhere = { organizationId: other.orgId, reason: 'Unpaid' };
    await perform(sue.caller, 'tenants.suspend', elsewhere, { idempotencyKey: mark });
  });

  it('tells its people why it is suspended, lets nobody act, and is as it was when resumed', async () => {
    const member = await buildMember(system.app, acme, 'member');
    const made = await perform(acme.caller, 'api_keys.create', { name: 'Key', scopes: ['projects:read'] });
    const key = await system.app.resolveApiKey(z.object({ key: z.string() }).parse(made).key);
    await as('tenants.suspend', { reason: 'Unpaid invoices' });
    for (const caller of [acme.caller, member.caller, key]) {
      const error = await assertRefused(perform(caller, 'projects.list'), 'organization_suspended');
      assert.match(error.message, /Unpaid invoices/);
    }
    await assertRefused(perform(acme.caller, 'organization.delete', { slug: 'x' }), 'organization_suspended');
    await assertRefused(as('tenants.suspend', { reason: 'Again' }), 'conflict');
    await perform(other.caller, 'projects.list');
    assert.equal((await as('tenants.resume')).suspendedAt, null);
    for (const caller of [acme.caller, member.caller, key]) await perform(caller, 'projects.list');
    await assertRefused(as('tenants.resume'), 'conflict');
  });

  it('has its owners told by mail when it is suspended and resumed, and nobody else', async () => {
    const member = await buildMember(system.app, acme, 'member');
    await as('tenants.suspend', { reason: 'Unpaid since May' });
    const first = await system.mailbox.receivedAbout(acme.email, /is suspended$/);
    assert.match(first.text ?? '', /Unpaid since May/);
    await as('tenants.resume');
    await system.mailbox.receivedAbout(acme.email, /is resumed$/);
    assert.deepEqual(await system.mailbox.mailsTo(member.email), []);
    await as('tenants.suspend', { reason: 'Again' });
    await system.mailbox.received(acme.email, 3);
  });

  it('keeps its runs waiting while it is suspended, and what comes in, and lets all go on', async () => {
    const { id: projectId } = await buildProject(system.app, acme.caller);
    const pause: TestNode = { id: 'pause', type: 'wait', input: { duration: '1s' } };
    const steps = [pause, createTask('task', projectId, 'Under way')];
    const begun = await buildAutomation(system.app, acme.caller, chain({ type: 'manual' }, steps));
    const runId = await startRun(system.app, acme.caller, begun.id);
    const listening = await buildAutomation(
      system.app,
      acme.caller,
      chain({ type: 'webhook' }, [createTask('task', projectId, 'Came in')]),
    );
    await runThat(system.app, acme.caller, runId, 'it waits', ({ status }) => status === 'waiting');
    await as('tenants.suspend', { reason: 'Unpaid' });
    await deliver(system.app, { orgId: acme.orgId, webhookUrl: listening.webhookUrl });
    const within = <Result>(work: (db: Transaction) => Promise<Result>) =>
      system.app.services.database.withOrg(acme.orgId, work);
    await eventually('the step was tried, and is tried again later', () =>
      within(async (db) => {
        const [step] = await db
          .select({ status: runSteps.status, error: runSteps.error })
          .from(runSteps)
          .where(and(eq(runSteps.runId, runId), eq(runSteps.nodeId, 'task')));
        return step?.status === 'running' && step.error ? step : undefined;
      }),
    );
    assert.equal(await within((db) => db.$count(runs)), 1, 'what came in has started nothing');
    assert.equal(await within((db) => db.$count(tasks)), 0);
    await as('tenants.resume');
    await eventually('both go on', async () => {
      const titles = await listTaskTitles(system.app, acme.caller, projectId);
      return titles.length === 2 ? titles : undefined;
    });
  });
});

describe('the health of the platform', () => {
  it('is told in counts and ages', async () => {
    const system = await workingSystem();
    const sue = await buildSuperUser(system.app);
    const health = z
      .looseObject({
        organizations: z.int().min(0),
        queue: z.array(z.looseObject({ kind: z.string(), waiting: z.int(), due: z.int() })),
        runs: z.object({ queued: z.int(), running: z.int(), waiting: z.int() }),
        isEngineThere: z.literal(true),
        versions: z.object({ worksynapse: z.string(), node: z.string(), postgresql: z.string() }),
      })
      .parse(await system.app.perform(sue.caller, 'platform.health', {}));
    assert.match(health.versions.postgresql, /^\d+/);
    await buildOrganization(system.app);
    const after = z
      .looseObject({ organizations: z.int() })
      .parse(await system.app.perform(sue.caller, 'platform.health', {}));
    assert.ok(after.organizations > health.organizations);
  });
});
