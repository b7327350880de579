import assert from 'node:assert/strict';
import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { grants, members, outgoingMails, runs } from '#db/schema/index.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { createTask, edges, manual, set, type TestNode } from '../automation/nodes.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { finishedRun, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { aboutWork } from './about-work.js';

const Started = z.object({ id: z.uuid() });
const stop: TestNode = { id: 'end', type: 'stop', input: { status: 'failed', message: 'No <milk>' } };

describe('the owner of an automation whose runs fail', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  /** Fails or succeeds, as its input says. */
  const definition = (settings: object = {}) => ({
    ...manual(
      [{ id: 'check', type: 'if', input: { condition: '{{ trigger.fail }}' } }, stop, set('fine', {})],
      'trigger > check',
      'check.true > end',
      'check.false > fine',
    ),
    name: 'Buy milk',
    settings,
  });
  const build = async (draft: object, caller = organization.caller) =>
    (await buildAutomation(system.app, caller, draft)).id;
  const run = async (id: string, fail = true) => {
    const runId = await startRun(system.app, organization.caller, id, { fail, secret: 'hunter2' });
    const ended = await finishedRun(system.app, organization.caller, runId);
    assert.equal(ended.status, fail ? 'failed' : 'succeeded', JSON.stringify(ended.error));
    return ended;
  };
  const inOrganization = <Result>(work: Parameters<typeof system.app.services.database.withOrg<Result>>[1]) =>
    system.app.services.database.withOrg(organization.orgId, work);
  /** Mails are written with the end of the run: who sees the end can count them. */
  const written = async () => {
    const [row] = await inOrganization((db) =>
      db.select({ mails: count() }).from(outgoingMails).where(aboutWork),
    );
    return row?.mails;
  };

  it('is told of the first failure, of no further one, and again after a success', async () => {
    const id = await build(definition());
    const first = await run(id);
    await run(id);
    assert.equal(await written(), 1);
    await run(id, false);
    assert.equal(await written(), 1);
    await run(id);
    await run(id);
    assert.equal(await written(), 2);
    const [mail] = await system.mailbox.received(organization.email, 2);
    assert.equal(mail?.subject, 'Test failed');
    for (const text of [first.id, 'Code: conflict', 'Message: No <milk>', 'version 1']) {
      assert.ok(mail?.text?.includes(text), `${text} in ${mail?.text}`);
    }
    assert.match(String(mail?.html), /No &lt;milk&gt;/);
    assert.doesNotMatch(JSON.stringify(mail), /hunter2/);
  });

  it('is told again after publishing', async () => {
    const id = await build(definition());
    await run(id);
    await system.app.perform(organization.caller, 'automations.publish', { id });
    await run(id);
    await run(id);
    assert.equal(await written(), 2);
  });

  it('is told again after a run that had failed was retried with success', async () => {
    const projectId = (await buildProject(system.app, organization.caller)).id;
    const id = await build(manual([createTask('task', projectId, 'Milk')], 'trigger > task'));
    const remove = (verb: string) =>
      system.app.perform(organization.caller, `projects.${verb}`, { id: projectId });
    await remove('delete');
    const { id: runId } = await run(id);
    await remove('restore');
    await system.app.perform(organization.caller, 'runs.retry', { id: runId });
    await eventually('the retry has succeeded', async () => {
      const { status } = await finishedRun(system.app, organization.caller, runId);
      return status === 'succeeded' ? true : undefined;
    });
    await remove('delete');
    await run(id);
    assert.equal(await written(), 2);
  });

  it('is not told where the automation says so', async () => {
    await run(await build(definition({ failureNotice: 'none' })));
    assert.equal(await written(), 0);
  });

  it('hears nothing of tests, neither of their failures nor of their successes', async () => {
    const id = await build(definition());
    const test = async (fail: boolean) => {
      const request = { id, input: { fail }, mode: 'all' };
      const { id: runId } = Started.parse(
        await system.app.perform(organization.caller, 'automations.test', request),
      );
      return finishedRun(system.app, organization.caller, runId);
    };
    assert.equal((await test(true)).status, 'failed');
    assert.equal(await written(), 0);
    await run(id);
    assert.equal((await test(false)).status, 'succeeded');
    await run(id);
    assert.equal(await written(), 1);
  });

  it('is told of every one where the automation says so, of those of a quarter of an hour together', async () => {
    const id = await build(definition({ failureNotice: 'every' }));
    await run(id);
    const later = [await run(id), await run(id), await run(id)];
    assert.equal(await written(), 1);
    const owner = openOwner(system.stack);
    await owner`
      UPDATE dispatch_queue SET available_at = now()
      WHERE org_id = ${organization.orgId} AND kind = 'failure_digest'`;
    system.app.services.hub.publish(dispatchChannel, { type: 'test', id });
    const [, digest] = await system.mailbox.received(organization.email, 2);
    assert.equal(digest?.subject, 'Test failed, and 2 more times');
    assert.match(digest?.text ?? '', /and 2 more/);
    assert.ok(digest?.text?.includes(later[2]?.id ?? 'no run'));
    const queued = await owner`
      SELECT FROM dispatch_queue WHERE org_id = ${organization.orgId} AND kind = 'failure_digest'`;
    assert.equal(queued.length, 0);
    await run(id);
    assert.equal(await written(), 2, 'the next one waits for its quarter of an hour');
  });

  it('is told that the automation may no longer act, though it had failed before', async () => {
    const projectId = (await buildProject(system.app, organization.caller)).id;
    const nodes = [
      { id: 'check', type: 'if', input: { condition: '{{ trigger.fail }}' } },
      stop,
      createTask('task', projectId, 'Milk'),
    ];
    const ways = edges('trigger > check', 'check.true > end', 'check.false > task');
    const id = await build({ name: 'Test', trigger: { type: 'manual' }, nodes, edges: ways });
    await run(id);
    await inOrganization((db) =>
      db
        .update(grants)
        .set({ revokedAt: new Date().toISOString() })
        .where(and(eq(grants.principalKind, 'automation'), eq(grants.principalId, id))),
    );
    for (const _ of [1, 2]) {
      const runId = await startRun(system.app, organization.caller, id, { fail: false });
      const ended = await finishedRun(system.app, organization.caller, runId);
      assert.equal(ended.error?.code, 'forbidden');
    }
    assert.equal(await written(), 2);
    const [, mail] = await system.mailbox.received(organization.email, 2);
    assert.match(mail?.text ?? '', /Step: task\nCode: forbidden/);
    assert.match(mail?.text ?? '', /may no longer do/);
  });

  it('is stood in for by the owners of the organization once that person has left', async () => {
    const manager = await buildMember(system.app, organization, 'manager');
    const id = await build(definition(), manager.caller);
    await inOrganization((db) =>
      db.update(members).set({ status: 'deactivated' }).where(eq(members.userId, manager.userId)),
    );
    await run(id);
    assert.equal(await written(), 1);
    await system.mailbox.received(organization.email);
    assert.deepEqual(await system.mailbox.mailsTo(manager.email), []);
  });

  it('gets one mail for two thousand failures at once', async function () {
    this.timeout(120_000);
    const { id, webhookUrl } = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'webhook' }, [stop]),
    );
    const { orgId } = organization;
    for (let batch = 0; batch < 20; batch += 1) {
      const bodies = Array.from({ length: 100 }, (_, index) => ({ number: batch * 100 + index }));
      await deliverTogether(system.app, { orgId, webhookUrl }, bodies);
    }
    await eventually(
      'all have failed',
      async () => {
        const [row] = await inOrganization((db) =>
          db
            .select({ failed: count() })
            .from(runs)
            .where(and(eq(runs.automationId, id), eq(runs.status, 'failed'))),
        );
        return row?.failed === 2_000 ? true : undefined;
      },
      110_000,
      250,
    );
    assert.equal(await written(), 1);
  });
});
