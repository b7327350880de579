import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, type ShownRun } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, runThat, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, set, type TestNode } from './nodes.js';

const Task = z.object({ id: z.uuid() });
const Approval = z.object({ id: z.uuid(), status: z.string(), decision: z.string().nullable() });
const Approvals = z.object({ items: z.array(Approval.extend({ runId: z.uuid(), iteration: z.string() })) });

describe('a step that waits', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let projectId: string;
  before(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
  });

  const perform = (name: string, input: object, caller = organization.caller) =>
    system.app.perform(caller, name, input);

  async function start(nodes: readonly TestNode[], edges: readonly string[], input: object = {}) {
    const { id } = await buildAutomation(system.app, organization.caller, manual(nodes, ...edges));
    return startRun(system.app, organization.caller, id, input);
  }

  const waiting = (runId: string) =>
    runThat(system.app, organization.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
  const finished = (runId: string): Promise<ShownRun> => finishedRun(system.app, organization.caller, runId);

  /** The approvals that a run asks for, once there are as many. */
  async function approvalsOf(runId: string, count = 1) {
    return eventually(`${count} approvals are open`, async () => {
      const { items } = Approvals.parse(await perform('approvals.list', { runId, status: 'open' }));
      return items.length === count ? items : undefined;
    });
  }
  async function approvalOf(runId: string) {
    const [approval] = await approvalsOf(runId);
    return approval ?? assert.fail('no approval');
  }

  describe('for an event', () => {
    const created = Task;
    const wait = (more: object = {}): TestNode => ({
      id: 'done',
      type: 'wait',
      input: { event: 'task.updated', match: { id: '{{ steps.task.output.id }}' } },
      ...more,
    });

    it('goes on with the first that matches, and lets others pass', async () => {
      const runId = await start(
        [
          createTask('task', projectId, 'Watched'),
          wait(),
          set('after', { type: '{{ steps.done.output.type }}' }),
        ],
        ['trigger > task', 'task > done', 'done > after'],
      );
      const { steps } = await waiting(runId);
      const output = steps.find(({ nodeId }) => nodeId === 'task')?.output;
      assert.ok(output && 'inline' in output);
      const { id } = Task.parse(output.inline);
      const other = created.parse(await perform('tasks.create', { projectId, title: 'Other' }));
      await perform('tasks.update', { id: other.id, title: 'Other changed' });
      await perform('tasks.update', { id, title: 'Watched changed' });
      const run = await finished(runId);
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.deepEqual(stepOf(run, 'after').output, { inline: { type: 'task.updated' } });
    });

    it('goes another way when its time is up', async () => {
      const runId = await start(
        [createTask('task', projectId, 'Nobody'), wait({ timeout: '1s' }), set('well', {}), set('late', {})],
        ['trigger > task', 'task > done', 'done > well', 'done.timeout > late'],
      );
      const run = await finished(runId);
      assert.deepEqual(stepStatuses(run), {
        task: 'succeeded',
        done: 'succeeded',
        well: 'skipped',
        late: 'succeeded',
      });
    });

    it('ends with its run when that is cancelled, and hears nothing more', async () => {
      const runId = await start(
        [createTask('task', projectId, 'Gone'), wait()],
        ['trigger > task', 'task > done'],
      );
      await waiting(runId);
      await perform('runs.cancel', { id: runId });
      assert.equal((await finished(runId)).status, 'cancelled');
    });
  });

  describe('for people', () => {
    const ask = (more: object = {}): TestNode => ({
      id: 'ask',
      type: 'approval',
      input: { title: 'Pay {{ trigger.amount }}?', message: 'To {{ trigger.to }}' },
      approvers: { users: [organization.userId] },
      ...more,
    });
    const ways = ['trigger > ask', 'ask.approved > yes', 'ask.rejected > no'];
    const input = { amount: 100, to: 'Ada' };

    it('goes on by their decision, with what they filled in', async () => {
      const fields = [
        { key: 'account', label: 'Account', kind: 'choice', options: ['A', 'B'], required: true },
        { key: 'note', label: 'Note', kind: 'text' },
      ];
      const runId = await start(
        [ask({ fields }), set('yes', { account: '{{ steps.ask.output.fields.account }}' }), set('no', {})],
        ways,
        input,
      );
      const { id } = await approvalOf(runId);
      const shown = z
        .object({ title: z.string(), message: z.string() })
        .parse(await perform('approvals.get', { id }));
      assert.deepEqual(shown, { title: 'Pay 100?', message: 'To Ada' });
      const decide = (given: object) =>
        perform('approvals.decide', { id, decision: 'approved', fields: given });
      await assertRefused(decide({}), 'validation');
      await assertRefused(decide({ account: 'C' }), 'validation');
      await assertRefused(decide({ account: 'A', more: 1 }), 'validation');
      const decided = Approval.parse(await decide({ account: 'B' }));
      assert.deepEqual([decided.status, decided.decision], ['answered', 'approved']);
      const run = await finished(runId);
      assert.deepEqual(stepStatuses(run), { ask: 'succeeded', yes: 'succeeded', no: 'skipped' });
      assert.deepEqual(stepOf(run, 'yes').output, { inline: { account: 'B' } });
      await assertRefused(decide({ account: 'B' }), 'conflict');
    });

    it('needs as many as it says, each once, and ends at the first rejection', async () => {
      const { app } = system;
      const [first, second] = [
        await buildMember(app, organization, 'manager'),
        await buildMember(app, organization, 'manager'),
      ];
      const outsider = await buildMember(app, organization, 'member');
      const approvers = { roles: ['manager'], needed: 2 };
      const nodes = () => [ask({ approvers }), set('yes', {}), set('no', {})];
      const [approved, rejected] = [await start(nodes(), ways, input), await start(nodes(), ways, input)];

      const { id } = await approvalOf(approved);
      const decide = (asked: string, caller: BuiltOrganization['caller'], decision: string) =>
        perform('approvals.decide', { id: asked, decision }, caller);
      await assertRefused(decide(id, outsider.caller, 'approved'), 'forbidden');
      assert.equal(Approval.parse(await decide(id, first.caller, 'approved')).status, 'open');
      await assertRefused(decide(id, first.caller, 'approved'), 'conflict');
      assert.equal(Approval.parse(await decide(id, second.caller, 'approved')).status, 'answered');
      assert.equal(stepOf(await finished(approved), 'yes').status, 'succeeded');

      await decide((await approvalOf(rejected)).id, first.caller, 'rejected');
      assert.equal(stepOf(await finished(rejected), 'no').status, 'succeeded');
    });

    it('counts one of two decisions at once', async () => {
      const runId = await start([ask(), set('yes', {}), set('no', {})], ways, input);
      const { id } = await approvalOf(runId);
      const both = await Promise.allSettled(
        ['approved', 'rejected'].map((decision) => perform('approvals.decide', { id, decision })),
      );
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal((await finished(runId)).status, 'succeeded');
    });

    it('goes another way when nobody decides, and can not be decided any more', async () => {
      const nodes = [ask({ timeout: '1s' }), set('yes', {}), set('no', {}), set('late', {})];
      const runId = await start(nodes, [...ways, 'ask.timeout > late'], input);
      const { id } = await approvalOf(runId);
      assert.equal(stepOf(await finished(runId), 'late').status, 'succeeded');
      await assertRefused(perform('approvals.decide', { id, decision: 'approved' }), 'conflict');
    });

    it('is asked for each item of a loop, and shows each what is theirs', async () => {
      const nodes = [
        { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' }, concurrency: 2 },
        ask({ input: { title: '{{ item }}?' } }),
        set('yes', { item: '{{ item }}' }),
        set('no', {}),
      ];
      const edges = ['trigger > each', 'each.body > ask', 'ask.approved > yes', 'ask.rejected > no'];
      const runId = await start(nodes, edges, { items: ['a', 'b'] });
      const open = await approvalsOf(runId, 2);
      assert.deepEqual(open.map(({ iteration }) => iteration).sort(), ['0', '1']);
      const mine = Approvals.parse(await perform('approvals.list', { runId, mine: true }));
      assert.equal(mine.items.length, 2);
      const stranger = await buildMember(system.app, organization, 'member');
      const theirs = await perform('approvals.list', { runId, mine: true }, stranger.caller);
      assert.equal(Approvals.parse(theirs).items.length, 0);
      for (const { id } of open) await perform('approvals.decide', { id, decision: 'approved' });
      assert.equal((await finished(runId)).status, 'succeeded');
    });

    it('is cancelled with its run', async () => {
      const runId = await start([ask(), set('yes', {}), set('no', {})], ways, input);
      const { id } = await approvalOf(runId);
      await perform('runs.cancel', { id: runId });
      assert.equal((await finished(runId)).status, 'cancelled');
      assert.equal(Approval.parse(await perform('approvals.get', { id })).status, 'cancelled');
    });
  });
});
