import assert from 'node:assert/strict';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { http } from '#connectors/http/index.js';
import { automationVersions, grants, runSteps, runs } from '#db/schema/index.js';
import { keptTests } from '#domains/automation/testing/remove-old-tests.js';
import type { Caller } from '#runtime/caller.js';
import { createHttpVendor, sendJson } from '#stack/vendors/http-vendor.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain, listRunIds } from '../builders/build-automation.js';
import { buildGitHubConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, runThat, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, edges, manual, set } from './nodes.js';

const Started = z.object({ id: z.uuid(), isTest: z.boolean(), automationVersion: z.int() });
const Saved = z.object({ status: z.string(), publishedVersion: z.int().nullable(), draft: z.unknown() });
const Page = z.object({ items: z.array(z.object({ id: z.uuid() })) });
const Steps = z.object({ items: z.array(z.looseObject({ output: z.unknown(), pinned: z.boolean() })) });

/** Asks for an amount, branches by it, and puts together what came of it. */
const branching = {
  name: 'Test',
  trigger: { type: 'manual' },
  nodes: [
    set('base', { amount: '{{ trigger.amount }}' }),
    { id: 'check', type: 'if', input: { condition: '{{ steps.base.output.amount > 10 }}' } },
    set('large', { text: 'large {{ steps.base.output.amount }}' }),
    set('small', { text: 'small {{ steps.base.output.amount }}' }),
    set('report', { large: '{{ steps.large.output }}', small: '{{ steps.small.output }}' }),
    set('end', { was: '{{ steps.report.output }}' }),
  ],
  edges: edges(
    'trigger > base',
    'base > check',
    'check.true > large',
    'check.false > small',
    'large > report',
    'small > report',
    'report > end',
  ),
};

describe('a test run', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  const vendor = createHttpVendor(http);
  after(() => vendor.close());
  before(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
  });

  const perform = (name: string, input: object, caller: Caller = organization.caller) =>
    system.app.perform(caller, name, input);
  const finished = (id: string) => finishedRun(system.app, organization.caller, id);
  const create = async (draft: object) =>
    z.object({ id: z.uuid() }).parse(await perform('automations.create', { name: 'Test', draft })).id;
  const savedAutomation = async (id: string) => Saved.parse(await perform('automations.get', { id }));
  const start = async (id: string, request: object = {}) =>
    Started.parse(await perform('automations.test', { id, ...request }));
  const test = async (id: string, request: object = {}) => finished((await start(id, request)).id);
  const refused = (id: string, request: object, path: string) =>
    assertRefused(perform('automations.test', { id, ...request }), 'validation', path);
  const outputOf = (run: Awaited<ReturnType<typeof finished>>, id: string) => stepOf(run, id).output;
  const pinnedSteps = (run: Awaited<ReturnType<typeof finished>>) =>
    run.steps.filter(({ pinned }) => pinned).map(({ nodeId }) => nodeId);

  describe('of a whole draft', () => {
    it('does what a run does, without publishing anything', async () => {
      const id = await create(branching);
      const started = await start(id, { input: { amount: 20 } });
      assert.deepEqual([started.isTest, started.automationVersion], [true, -1]);
      const run = await finished(started.id);
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.deepEqual(outputOf(run, 'end'), {
        inline: { was: { large: { text: 'large 20' }, small: null } },
      });
      const { status, publishedVersion } = await savedAutomation(id);
      assert.deepEqual([status, publishedVersion], ['draft', null]);
    });

    it('takes the draft of the request before the saved one', async () => {
      const id = await create({ unfinished: true });
      const run = await test(id, { draft: chain({ type: 'manual' }, [set('only', { v: 1 })]) });
      assert.deepEqual(stepStatuses(run), { only: 'succeeded' });
      assert.deepEqual((await savedAutomation(id)).draft, { unfinished: true });
    });

    it('tells of a draft that is not valid what publishing tells', async () => {
      const id = await create(chain({ type: 'manual' }, [set('a', { v: '{{ steps.none.output }}' })]));
      const [published, tested] = await Promise.all([
        assertRefused(perform('automations.publish', { id }), 'validation'),
        assertRefused(perform('automations.test', { id }), 'validation'),
      ]);
      assert.deepEqual(tested.issues, published.issues);
      assert.deepEqual(
        tested.issues.map(({ node, path }) => [node, path]),
        [['a', 'nodes.0.input.values.v']],
      );
    });

    it('starts with the input that is pinned, with that of the last run where asked, else with none', async () => {
      const draft = chain({ type: 'manual' }, [set('seen', { v: '{{ trigger }}' })]);
      const { id } = await buildAutomation(system.app, organization.caller, draft);
      assert.deepEqual((await test(id)).trigger, {});
      await refused(id, { useLastRun: true }, 'useLastRun');
      await finished(await startRun(system.app, organization.caller, id, { from: 'run' }));
      await perform('automations.update', {
        id,
        draft: { ...draft, pinned: { trigger: { from: 'draft' } } },
      });
      const withInput = async (request: object) => outputOf(await test(id, request), 'seen');
      assert.deepEqual(await withInput({}), { inline: { v: { from: 'draft' } } });
      assert.deepEqual(await withInput({ useLastRun: true }), { inline: { v: { from: 'run' } } });
      assert.deepEqual(await withInput({ pinned: { trigger: { from: 'pin' } } }), {
        inline: { v: { from: 'pin' } },
      });
      assert.deepEqual(await withInput({ input: { from: 'request' } }), {
        inline: { v: { from: 'request' } },
      });
    });

    it('starts with a sample of what its trigger gives, where asked', async () => {
      const { id: connection } = await buildGitHubConnection(system.app, organization.caller);
      const trigger = { type: 'github.issue_opened', connection };
      const issue = 'trigger.issue.title + " in " + trigger.repository.full_name';
      const draft = chain(trigger, [set('seen', { v: `{{ ${issue} }}` })]);
      const id = await create({ ...draft, pinned: { trigger: { from: 'draft' } } });
      const Sample = z.object({
        sample: z.looseObject({
          issue: z.looseObject({ title: z.string() }),
          repository: z.looseObject({ full_name: z.string() }),
        }),
      });
      const { sample } = Sample.parse(await perform('automations.sample_trigger', { id }));
      const run = await test(id, { useSample: true, pinned: { trigger: { from: 'pin' } } });
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.deepEqual(run.trigger, sample);
      assert.deepEqual(outputOf(run, 'seen'), {
        inline: { v: `${sample.issue.title} in ${sample.repository.full_name}` },
      });
      await refused(id, { useSample: true, input: {} }, 'useSample');
      await refused(id, { useSample: true, useLastRun: true }, 'useSample');
    });

    it('can read the files that a sample tells of', async () => {
      const received: string[] = [];
      const origin = await vendor.serve((response, { body }) => {
        received.push(body.toString());
        sendJson(response, {});
      });
      const send = (sha256: string) => ({
        id: 'send',
        type: 'http',
        input: {
          url: origin,
          method: 'POST',
          body: { kind: 'file', sha256, contentType: 'application/pdf' },
        },
      });
      const letter = {
        key: 'letter',
        label: 'Letter',
        kind: 'file',
        required: true,
        limits: { maxSize: 15 },
      };
      const form = { type: 'form', input: { title: 'Post', fields: [letter] } };
      const tests = [
        chain(form, [send('{{ trigger.fields.letter.sha256 }}')]),
        chain({ type: 'email' }, [send('{{ trigger.attachments[0].sha256 }}')]),
      ];
      for (const draft of tests) {
        const run = await test(await create(draft), { useSample: true });
        assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      }
      assert.equal(received[0], 'An example file');
      assert.ok(received[1]?.startsWith('An example file.'));
    });

    it('starts with a sample of what the trigger of the request would give', async () => {
      const inputSchema = { type: 'object', properties: { amount: { type: 'integer', minimum: 5 } } };
      const draft = chain({ type: 'api', input: { inputSchema } }, [set('seen', { v: '{{ trigger }}' })]);
      const id = await create({ unfinished: true });
      await assertRefused(perform('automations.sample_trigger', { id }), 'validation', 'trigger');
      const run = await test(id, { draft, useSample: true });
      assert.deepEqual(outputOf(run, 'seen'), { inline: { v: { amount: 5 } } });
      const alone = await test(id, { draft, useSample: true, mode: 'step', step: 'seen' });
      assert.deepEqual(outputOf(alone, 'seen'), { inline: { v: { amount: 5 } } });
      const impossible = { type: 'object', properties: { amount: { type: 'string', minLength: 1e9 } } };
      const unfit = { ...draft, trigger: { type: 'api', input: { inputSchema: impossible } } };
      await refused(id, { draft: unfit, useSample: true }, 'trigger.input');
    });

    it('checks the input by the schema of an api trigger', async () => {
      const schema = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] };
      const id = await create(chain({ type: 'api', input: { inputSchema: schema } }, [set('a', {})]));
      await refused(id, { input: { amount: 'many' } }, 'input.amount');
    });
  });

  describe('with pinned data', () => {
    it('gives it instead of performing the step, and says so', async () => {
      const project = await buildProject(system.app, organization.caller);
      const draft = manual(
        [createTask('task', project.id, 'Never made'), set('title', { v: '{{ steps.task.output.title }}' })],
        'trigger > task',
        'task > title',
      );
      const id = await create({ ...draft, pinned: { steps: { task: { title: 'Pinned' } } } });
      const run = await test(id);
      assert.deepEqual(outputOf(run, 'title'), { inline: { v: 'Pinned' } });
      assert.deepEqual(pinnedSteps(run), ['task']);
      const other = await test(id, { pinned: { steps: { task: { title: 'Of the request' } } } });
      assert.deepEqual(outputOf(other, 'title'), { inline: { v: 'Of the request' } });
      assert.deepEqual(await listTaskTitles(system.app, organization.caller, project.id), []);

      await perform('automations.publish', { id });
      const published = await finished(await startRun(system.app, organization.caller, id));
      assert.deepEqual(
        [outputOf(published, 'title'), pinnedSteps(published)],
        [{ inline: { v: 'Never made' } }, []],
      );
      const version = await perform('automations.get_version', { id, publishedVersion: 1 });
      assert.doesNotMatch(JSON.stringify(version), /pinned/i);
      const { isChanged } = z
        .object({ isChanged: z.boolean() })
        .parse(await perform('automations.diff', { id, from: 1 }));
      assert.equal(isChanged, false);
    });

    it('gives it in each pass of a loop, and leaves a pinned branch by its way', async () => {
      const id = await create(
        manual(
          [
            {
              id: 'each',
              type: 'loop',
              input: { items: '{{ [1, 2] }}', result: '{{ steps.after.output.v }}' },
            },
            { id: 'check', type: 'if', input: { condition: '{{ item == 1 }}' } },
            set('yes', {}),
            set('no', {}),
            { id: 'met', type: 'join', input: { mode: 'any' } },
            set('call', { v: 'not performed' }),
            set('after', { v: '{{ steps.call.output.v }} {{ index }} {{ steps.no.status }}' }),
          ],
          'trigger > each',
          'each.body > check',
          'check.true > yes',
          'check.false > no',
          'yes > met',
          'no > met',
          'met > call',
          'call > after',
        ),
      );
      const run = await test(id, { pinned: { steps: { call: { v: 'pinned' }, check: { result: false } } } });
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.match(JSON.stringify(outputOf(run, 'each')), /\["pinned 0 succeeded","pinned 1 succeeded"\]/);
      const { items } = Steps.parse(await perform('runs.list_steps', { id: run.id, nodeId: 'call' }));
      assert.deepEqual(
        items.map(({ pinned }) => pinned),
        [true, true],
      );
    });

    it('gives it in long lists too, whose passes go on in other workflows, and where there is much of it', async () => {
      const many = Array.from({ length: 30 }, (_, index) => set(`step${index}`, {}));
      const each = { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' } };
      const made = chain({ type: 'manual' }, [...many, each]);
      const id = await create({
        ...made,
        nodes: [...made.nodes, set('call', {}), set('after', { v: '{{ steps.call.output }} {{ item }}' })],
        edges: [...made.edges, ...edges('each.body > call', 'call > after')],
      });
      const steps = Object.fromEntries(many.map((node) => [node.id, 'x'.repeat(900)]));
      const items = Array.from({ length: 1_001 }, (_, index) => index);
      const run = await test(id, { input: { items }, pinned: { steps: { ...steps, call: 'pinned' } } });
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.equal(pinnedSteps(run).length, many.length);
      const within = { id: run.id, within: '1000' };
      const page = Steps.parse(await perform('runs.list_steps', within));
      assert.deepEqual(
        page.items.map(({ pinned, output }) => [pinned, output]),
        [
          [true, { inline: 'pinned' }],
          [false, { inline: { v: 'pinned 1000' } }],
        ],
      );
    });

    it('takes large values by reference', async () => {
      const id = await create(
        chain({ type: 'manual' }, [set('big', {}), set('size', { v: '{{ size(steps.big.output.text) }}' })]),
      );
      const run = await test(id, { pinned: { steps: { big: { text: 'x'.repeat(100_000) } } } });
      assert.deepEqual(outputOf(run, 'size'), { inline: { v: 100_000 } });
    });

    it('is refused for steps that are not there, that nothing can follow, or of another shape, and above its limit', async () => {
      const nodes = [...branching.nodes, { id: 'stop', type: 'stop', input: { status: 'succeeded' } }];
      const draft = { ...branching, nodes, edges: [...branching.edges, ...edges('end > stop')] };
      const id = await create(draft);
      const pinning = (steps: object) => ({ pinned: { steps } });
      await refused(id, pinning({ nobody: 1 }), 'pinned.steps.nobody');
      await refused(id, pinning({ stop: 1 }), 'pinned.steps.stop');
      await refused(id, pinning({ check: { result: 'maybe' } }), 'pinned.steps.check');
      const saved = (steps: object) =>
        perform('automations.update', { id, draft: { ...draft, pinned: { steps } } });
      await assertRefused(saved({ base: 'x'.repeat(256 * 1024) }), 'validation', 'draft.pinned');
      await saved({ base: 'x'.repeat(255 * 1024), nobody: 1 });
      await refused(id, {}, 'pinned.steps.nobody');
    });

    it('is exported only where asked, and imported with the document', async () => {
      const id = await create({ ...branching, pinned: { trigger: { amount: 1 } } });
      const Document = z.looseObject({ automation: z.looseObject({ pinned: z.unknown().optional() }) });
      const exported = async (more: object) =>
        Document.parse(await perform('automations.export', { id, ...more }));
      assert.equal((await exported({})).automation.pinned, undefined);
      const document = await exported({ includePinned: true });
      assert.deepEqual(document.automation.pinned, { trigger: { amount: 1 } });
      const Imported = z.object({
        items: z.array(z.object({ automation: Saved, issues: z.array(z.unknown()) })),
      });
      const [item] = Imported.parse(await perform('automations.import', { document })).items;
      assert.deepEqual(item?.issues, []);
      assert.deepEqual(z.looseObject({ pinned: z.unknown() }).parse(item?.automation.draft).pinned, {
        trigger: { amount: 1 },
      });
    });
  });

  describe('of one step', () => {
    it('performs that step alone, with data that is pinned or of an earlier run', async () => {
      const id = await create(branching);
      const earlier = await test(id, { input: { amount: 20 } });
      const alone = await test(id, { mode: 'step', step: 'large', fromRun: earlier.id });
      assert.deepEqual(stepStatuses(alone), { base: 'succeeded', large: 'succeeded' });
      assert.deepEqual(pinnedSteps(alone), ['base']);
      assert.deepEqual(outputOf(alone, 'large'), { inline: { text: 'large 20' } });
      assert.deepEqual(alone.trigger, { amount: 20 });
      const pinned = { steps: { base: { amount: 3 } } };
      const other = await test(id, { mode: 'step', step: 'large', fromRun: earlier.id, pinned });
      assert.deepEqual(outputOf(other, 'large'), { inline: { text: 'large 3' } });
    });

    it('needs only what stands before it to be valid', async () => {
      const nodes = [...branching.nodes, { id: 'half', type: 'action' }, { id: 'lost', type: 'if' }];
      const id = await create({ ...branching, nodes, edges: [...branching.edges, ...edges('end > half')] });
      await refused(id, {}, 'nodes.6.action');
      const pinned = { steps: { base: { amount: 3 }, half: 'is not tested' } };
      const run = await test(id, { mode: 'step', step: 'small', pinned });
      assert.deepEqual(outputOf(run, 'small'), { inline: { text: 'small 3' } });
    });

    it('names the step whose data is missing', async () => {
      const id = await create(branching);
      const error = await refused(id, { mode: 'step', step: 'report' }, 'pinned.steps.large');
      assert.deepEqual(
        error.issues.map(({ node }) => node),
        ['large', 'small'],
      );
      const pinned = { steps: { check: { result: true }, large: { text: 'L' } } };
      const run = await test(id, { mode: 'step', step: 'report', pinned });
      // The branch that the pinned decision does not lead to counts as skipped.
      assert.deepEqual(outputOf(run, 'report'), { inline: { large: { text: 'L' }, small: null } });
    });

    it('is tested in the body of a loop with an item that is given', async () => {
      const id = await create(
        manual(
          [
            {
              id: 'each',
              type: 'loop',
              input: { items: '{{ trigger.list }}', result: '{{ steps.line.output.v }}' },
            },
            set('name', { v: '{{ item.name }}' }),
            set('line', { v: '{{ index }}: {{ steps.name.output.v }} of {{ steps.each.item.team }}' }),
          ],
          'trigger > each',
          'each.body > name',
          'name > line',
        ),
      );
      const item = { name: 'Ada', team: 'Support' };
      const request = { mode: 'step', step: 'line' };
      await refused(id, { ...request, pinned: { steps: { name: { v: 'A' } } } }, 'pinned.item');
      await refused(id, { ...request, pinned: { item, index: 1 } }, 'pinned.steps.name');
      const pinned = { item, index: 1, steps: { name: { v: 'Bob' } } };
      assert.deepEqual(outputOf(await test(id, { ...request, pinned }), 'line'), {
        inline: { v: '1: Bob of Support' },
      });
      const whole = await test(id, {
        input: { list: [{ name: 'Eve' }, { name: 'Zoe' }] },
        pinned: { steps: { line: { v: 1 } } },
      });
      const ofRun = await test(id, { ...request, fromRun: whole.id, pinned: { item, index: 1 } });
      assert.deepEqual(outputOf(ofRun, 'line'), { inline: { v: '1: Zoe of Support' } });
      assert.deepEqual(outputOf(await test(id, { mode: 'step', step: 'name', pinned: { item } }), 'name'), {
        inline: { v: 'Ada' },
      });
    });

    it('needs the item of a loop around a repetition that reads it', async () => {
      const id = await create(
        manual(
          [
            { id: 'each', type: 'loop', input: { items: '{{ [1, 2] }}' } },
            { id: 'again', type: 'while', input: { condition: '{{ index < item }}' } },
            set('line', { v: '{{ steps.again.index }}' }),
          ],
          'trigger > each',
          'each.body > again',
          'again.body > line',
        ),
      );
      const request = { mode: 'step', step: 'again' };
      await refused(id, request, 'pinned.item');
      const run = await test(id, { ...request, pinned: { item: 3 } });
      assert.deepEqual(outputOf(run, 'again'), { inline: { count: 3 } });
      const line = await test(id, { mode: 'step', step: 'line', pinned: { index: 5 } });
      assert.deepEqual(outputOf(line, 'line'), { inline: { v: 5 } });
    });

    it('may be a loop, which runs with its body', async () => {
      const id = await create(
        manual(
          [
            set('base', {}),
            {
              id: 'each',
              type: 'loop',
              input: { items: '{{ [1, 2] }}', result: '{{ steps.line.output.v }}' },
            },
            set('line', { v: '{{ item }}{{ steps.base.output.sign }}' }),
            set('end', {}),
          ],
          'trigger > base',
          'base > each',
          'each.body > line',
          'each.done > end',
        ),
      );
      await refused(id, { mode: 'step', step: 'each' }, 'pinned.steps.base');
      const run = await test(id, { mode: 'step', step: 'each', pinned: { steps: { base: { sign: '!' } } } });
      assert.match(JSON.stringify(outputOf(run, 'each')), /\["1!","2!"\]/);
      assert.deepEqual(stepStatuses(run), { base: 'succeeded', each: 'succeeded' });
      await refused(id, { mode: 'from', step: 'line' }, 'step');
    });

    it('takes nothing from runs of other automations', async () => {
      const id = await create(branching);
      const other = await create(branching);
      const run = await test(other, { input: { amount: 20 } });
      const request = { id, mode: 'step', step: 'large', fromRun: run.id };
      for (const more of [{}, { input: {} }]) {
        await assertRefused(perform('automations.test', { ...request, ...more }), 'not_found');
      }
    });

    it('is named where it is needed, and nowhere else', async () => {
      const id = await create(branching);
      await refused(id, { mode: 'step' }, 'step');
      await refused(id, { step: 'base' }, 'step');
      await refused(id, { mode: 'step', step: 'nobody' }, 'step');
      await refused(id, { mode: 'step', step: 'base', pinned: { item: 1 } }, 'pinned.item');
    });
  });

  describe('from a step on', () => {
    it('performs it and what follows, and skips branches that the data does not lead to', async () => {
      const id = await create(branching);
      const earlier = await test(id, { input: { amount: 20 } });
      const run = await test(id, { mode: 'from', step: 'report', fromRun: earlier.id });
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.deepEqual(stepStatuses(run), {
        base: 'succeeded',
        check: 'succeeded',
        large: 'succeeded',
        small: 'skipped',
        report: 'succeeded',
        end: 'succeeded',
      });
      assert.deepEqual(pinnedSteps(run), ['base', 'check', 'large']);
      const pinned = { steps: { large: { text: 'L' }, small: { text: 'S' } } };
      const both = await test(id, { mode: 'from', step: 'report', pinned });
      assert.deepEqual(outputOf(both, 'end'), {
        inline: { was: { large: { text: 'L' }, small: { text: 'S' } } },
      });
      assert.equal(stepStatuses(both).base, 'skipped');
      await refused(id, { mode: 'from', step: 'report' }, 'pinned.steps.large');
    });

    it('goes on after a step that failed, with a repaired draft and the data of the failed run', async () => {
      const broken = { type: 'code', input: { source: 'throw new Error("broken")' } };
      const before = [set('base', { v: 1 }), set('beside', { v: 2 })];
      const draft = (node: object) =>
        manual(
          [...before, { id: 'work', ...node } as never, set('end', { v: '{{ steps.work.output }}' })],
          'trigger > base',
          'trigger > beside',
          'base > work',
          'work > end',
        );
      const id = await create(draft(broken));
      const failed = await test(id);
      assert.equal(failed.error?.node, 'work');
      const repaired = draft({
        type: 'code',
        input: { source: 'return input + 1', input: '{{ steps.base.output.v }}' },
      });
      const run = await test(id, { draft: repaired, mode: 'from', step: 'work', fromRun: failed.id });
      assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
      assert.match(JSON.stringify(outputOf(run, 'end')), /"v":\{?.*2/);
      assert.deepEqual(pinnedSteps(run).sort(), ['base', 'beside']);
    });
  });

  it('stands apart: not among other runs and versions, and its failure starts nothing', async () => {
    const handler = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'error' }, [set('note', {})]),
    );
    const child = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'manual' }, [{ id: 'no', type: 'stop', input: { status: 'failed', message: 'No' } }]),
    );
    const call = { id: 'call', type: 'subflow', automation: child.id, retry: { attempts: 1 } };
    const draft = chain({ type: 'webhook' }, [call], { settings: { onFailure: handler.id } });
    const id = await create(draft);
    const run = await test(id);
    assert.equal(run.status, 'failed');
    // A failure that does count is heard; what came before it would have been too.
    const counted = await startRun(system.app, organization.caller, child.id);
    await finished(counted);
    const [handled] = await eventually('the failure is dealt with', async () => {
      const ids = await listRunIds(system.app, organization.caller, handler.id);
      return ids.length > 0 ? ids : undefined;
    });
    assert.ok(handled);
    assert.deepEqual(await listRunIds(system.app, organization.caller, handler.id), [handled]);
    const events = z
      .object({
        items: z.array(z.object({ type: z.string(), payload: z.looseObject({ runId: z.unknown() }) })),
      })
      .parse(await perform('events.list', { type: 'run.failed' }));
    assert.ok(events.items.some(({ payload }) => payload.runId === counted));
    assert.ok(events.items.every(({ payload }) => payload.runId !== run.id));

    assert.deepEqual(await listRunIds(system.app, organization.caller, id), []);
    const tests = Page.parse(await perform('runs.list', { automationId: id, isTest: true }));
    assert.deepEqual(
      tests.items.map((item) => item.id),
      [run.id],
    );
    const children = Page.parse(await perform('runs.list', { parentRunId: run.id, isTest: true }));
    assert.equal(children.items.length, 1);
    assert.deepEqual(Page.parse(await perform('runs.list', { parentRunId: run.id })).items, []);
    const versions = async () =>
      z
        .object({ items: z.array(z.object({ version: z.int() })) })
        .parse(await perform('automations.list_versions', { id })).items;
    assert.deepEqual(await versions(), []);
    await perform('automations.publish', { id });
    assert.deepEqual(await versions(), [{ version: 1 }]);
    await assertRefused(perform('automations.get_version', { id, publishedVersion: -1 }), 'validation');
  });

  it('can be cancelled, retried and run again, and stays a test', async () => {
    const id = await create(
      chain({ type: 'manual' }, [
        set('before', {}),
        { id: 'pause', type: 'wait', input: { duration: '1h' } },
      ]),
    );
    const { id: runId } = await start(id, { pinned: { steps: { before: { v: 1 } } } });
    const waits = () =>
      runThat(system.app, organization.caller, runId, 'it waits', ({ status }) => status === 'waiting');
    await waits();
    await perform('runs.cancel', { id: runId });
    assert.equal((await finished(runId)).status, 'cancelled');
    await perform('runs.retry', { id: runId });
    assert.deepEqual(outputOf(await waits(), 'before'), { inline: { v: 1 } });
    await perform('runs.cancel', { id: runId });
    // It acts with the rights of whoever tested.
    const manager = await buildMember(system.app, organization, 'manager');
    for (const repeat of ['runs.retry', 'runs.rerun']) {
      await assertRefused(perform(repeat, { id: runId }, manager.caller), 'forbidden');
    }
    const again = Started.parse(await perform('runs.rerun', { id: runId }));
    assert.deepEqual([again.isTest, again.automationVersion], [true, -1]);
    await perform('runs.cancel', { id: again.id });
    await finished(again.id);
  });

  it('is started once by two clicks', async () => {
    const id = await create(branching);
    const click = () =>
      system.app.perform(
        organization.caller,
        'automations.test',
        { id, input: { amount: 1 } },
        { idempotencyKey: 'click' },
      );
    const clicks = await Promise.allSettled([click(), click()]);
    const last = Started.parse(await click());
    for (const result of clicks) {
      if (result.status === 'fulfilled') assert.equal(Started.parse(result.value).id, last.id);
    }
    assert.equal(Page.parse(await perform('runs.list', { automationId: id, isTest: true })).items.length, 1);
    await finished(last.id);
  });

  it('needs the permission to run, and that of each action, and acts with no other', async () => {
    const project = await buildProject(system.app, organization.caller);
    const id = await create(manual([createTask('task', project.id, 'T')], 'trigger > task'));
    const member = await buildMember(system.app, organization, 'member');
    await assertRefused(perform('automations.test', { id }, member.caller), 'forbidden');
    const key = (scopes: string[]): Caller => ({
      kind: 'api_key',
      orgId: organization.orgId,
      userId: organization.userId,
      keyId: organization.userId,
      scopes,
    });
    const error = await assertRefused(
      perform('automations.test', { id }, key(['automations:run', 'tasks:read'])),
      'validation',
      'nodes.0.action',
    );
    assert.match(error.message, /you may not use tasks.create/);
    const run = await finished((await start(id)).id);
    await assertRefused(
      perform(
        'automations.test',
        { id, mode: 'step', step: 'task', fromRun: run.id },
        key(['automations:run', 'tasks:create']),
      ),
      'forbidden',
    );
    const scopes = await system.app.services.database.withOrg(organization.orgId, (db) =>
      db.select({ scopes: grants.scopes }).from(grants).where(eq(grants.principalId, id)),
    );
    assert.deepEqual(scopes, [{ scopes: ['tasks:create'] }]);
  });

  it(`is kept with its version among the newest ${keptTests}, unless it has not ended`, async () => {
    const id = await create(branching);
    const waiting = chain({ type: 'manual' }, [{ id: 'pause', type: 'wait', input: { duration: '1h' } }]);
    const child = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'manual' }, [set('a', {})]),
    );
    const calling = chain({ type: 'manual' }, [{ id: 'call', type: 'subflow', automation: child.id }]);
    const pending = await start(id, { draft: waiting });
    const parent = await test(id, { draft: calling });
    assert.equal(parent.status, 'succeeded', JSON.stringify(parent.error));
    for (let count = 0; count < keptTests; count += 1) await test(id, { input: { amount: 1 } });
    const versions = () =>
      system.app.services.database.withOrg(organization.orgId, async (db) => {
        const rows = await db
          .select({ version: automationVersions.version })
          .from(automationVersions)
          .where(eq(automationVersions.automationId, id))
          .orderBy(automationVersions.version);
        return rows.map(({ version }) => version).reverse();
      });
    const newest = Array.from({ length: keptTests }, (_, index) => -3 - index);
    assert.deepEqual(await versions(), [-1, ...newest]);
    await assertRefused(perform('runs.get', { id: parent.id }), 'not_found');
    await system.app.services.database.withOrg(organization.orgId, async (db) => {
      assert.deepEqual(await db.select().from(runSteps).where(eq(runSteps.runId, parent.id)), []);
      const ofChild = and(eq(runs.automationId, child.id), eq(runs.isTest, true));
      assert.deepEqual(await db.select().from(runs).where(ofChild), []);
      assert.equal((await db.select().from(grants).where(eq(grants.principalId, id))).length, keptTests + 1);
    });
    await perform('runs.cancel', { id: pending.id });
    await finished(pending.id);
    await test(id, { input: { amount: 1 } });
    assert.deepEqual(await versions(), [...newest.slice(1), -3 - keptTests]);
  });

  it('can never remove what was published', async () => {
    const { id } = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'manual' }, [set('a', {})]),
    );
    const removed = await system.app.services.database.withOrg(organization.orgId, (db) =>
      db.delete(automationVersions).where(eq(automationVersions.automationId, id)).returning(),
    );
    assert.deepEqual(removed, []);
  });
});
