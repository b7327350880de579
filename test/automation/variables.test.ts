import assert from 'node:assert/strict';
import { z } from 'zod';
import { maxVariables } from '#domains/automation/variables.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { deliver } from '../builders/deliver.js';
import { listEvents } from '../builders/list-events.js';
import { finishedRun, finishedRuns, runOnce, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set } from './nodes.js';

const Variable = z.object({ id: z.uuid(), version: z.int(), name: z.string(), value: z.unknown() });

describe('variables', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const create = async (name: string, value: unknown) =>
    Variable.parse(await perform('variables.create', { name, value }));
  const change = (id: string, value: unknown) => perform('variables.update', { id, value });
  const run = (definition: object, input: object = {}) =>
    runOnce(system.app, organization.caller, definition, input);
  const output = (shown: Awaited<ReturnType<typeof run>>, id: string) => stepOf(shown, id).output;

  it('are seen in expressions with their type, also in conditions, lists and the input of code', async () => {
    await create('limit', 5);
    await create('team', { name: 'Support', people: ['Ada', 'Bob'] });
    const shown = await run(
      manual(
        [
          { id: 'check', type: 'if', input: { condition: '{{ trigger.amount > vars.limit }}' } },
          set('values', {
            limit: '{{ vars.limit }}',
            text: 'For {{ vars.team.name }}',
            next: '{{ vars.limit + 1 }}',
          }),
          {
            id: 'each',
            type: 'loop',
            input: { items: '{{ vars.team.people }}', result: '{{ steps.greet.output.text }}' },
          },
          set('greet', { text: '{{ vars.team.name }}: {{ item }}' }),
          {
            id: 'picked',
            type: 'filter',
            input: { items: '{{ vars.team.people }}', keep: '{{ item == vars.team.people[1] }}' },
          },
          {
            id: 'code',
            type: 'code',
            input: { source: 'return input.limit * 2', input: { limit: '{{ vars.limit }}' } },
          },
        ],
        'trigger > check',
        'check.true > values',
        'values > each',
        'each.body > greet',
        'each.done > picked',
        'picked > code',
      ),
      { amount: 6 },
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.deepEqual(output(shown, 'values'), { inline: { limit: 5, text: 'For Support', next: 6 } });
    assert.match(JSON.stringify(output(shown, 'each')), /\["Support: Ada","Support: Bob"\]/);
    assert.match(JSON.stringify(output(shown, 'picked')), /\["Bob"\]/);
    assert.match(JSON.stringify(output(shown, 'code')), /10/);
  });

  it('are seen by runs that a delivery starts, and by long loops, which go on in other workflows', async () => {
    await create('prefix', 'No.');
    const definition = chain({ type: 'webhook' }, [
      {
        id: 'each',
        type: 'loop',
        input: { items: '{{ trigger.body.items }}', result: '{{ steps.name.output.text }}' },
      },
    ]);
    const named = {
      ...definition,
      nodes: [...definition.nodes, set('name', { text: '{{ vars.prefix }} {{ item }}' })],
      edges: [...definition.edges, { source: 'each', sourceHandle: 'body', target: 'name' }],
    };
    const { id, webhookUrl } = await buildAutomation(system.app, organization.caller, named);
    const items = Array.from({ length: 1_001 }, (_, index) => index);
    await deliver(system.app, { orgId: organization.orgId, webhookUrl }, { items });
    const [shown] = await finishedRuns(system.app, organization.caller, id);
    assert.equal(shown?.status, 'succeeded', JSON.stringify(shown?.error));
    const page = z
      .object({ items: z.array(z.object({ output: z.unknown() })) })
      .parse(await perform('runs.list_steps', { id: shown?.id, nodeId: 'name', within: '1000' }));
    assert.deepEqual(page.items, [{ output: { inline: { text: 'No. 1000' } } }]);
  });

  it('are taken by reference where they are large together', async () => {
    for (const name of ['a', 'b', 'c']) await create(name, name.repeat(8_000));
    const shown = await run(
      chain({ type: 'manual' }, [set('sizes', { all: '{{ size(vars.a + vars.b + vars.c) }}' })]),
    );
    assert.deepEqual(output(shown, 'sizes'), { inline: { all: 24_000 } });
  });

  it('keep in a run the values that they had when it started; a retry takes those of its own start', async () => {
    const { id: variableId } = await create('greeting', 'Hello');
    const flaky = await create('wanted', 1);
    const { id } = await buildAutomation(
      system.app,
      organization.caller,
      chain({ type: 'manual' }, [
        { id: 'pause', type: 'wait', input: { duration: '2s' } },
        set('greet', { text: '{{ vars.greeting }}' }),
        set('divide', { by: '{{ [1, 2][vars.wanted] }}' }),
      ]),
    );
    await change(flaky.id, 7);
    const runId = await startRun(system.app, organization.caller, id);
    await runThat(system.app, organization.caller, runId, 'it waits', ({ status }) => status === 'waiting');
    await change(variableId, 'Goodbye');
    await change(flaky.id, 0);
    const failed = await finishedRun(system.app, organization.caller, runId);
    assert.equal(failed.error?.node, 'divide');
    assert.deepEqual(output(failed, 'greet'), { inline: { text: 'Hello' } });
    await perform('runs.retry', { id: runId });
    const again = await finishedRun(system.app, organization.caller, runId);
    assert.equal(again.status, 'succeeded', JSON.stringify(again.error));
    assert.deepEqual(output(again, 'divide'), { inline: { by: 1 } });
    assert.deepEqual(output(again, 'greet'), { inline: { text: 'Hello' } });
  });

  it('fail the step that reads one which was deleted after publishing', async () => {
    const { id: variableId } = await create('gone', 1);
    const definition = chain({ type: 'manual' }, [set('first', {}), set('read', { v: '{{ vars.gone }}' })]);
    const { id } = await buildAutomation(system.app, organization.caller, definition);
    await perform('variables.delete', { id: variableId });
    const shown = await finishedRun(
      system.app,
      organization.caller,
      await startRun(system.app, organization.caller, id),
    );
    assert.deepEqual([shown.status, shown.error?.node, shown.error?.code], ['failed', 'read', 'validation']);
    assert.match(shown.error?.message ?? '', /gone/);
  });

  it('are known at publishing: another name is refused at its field, and so is reading all or in a condition of a trigger', async () => {
    await create('limit', 5);
    const issuesOf = async (draft: object) =>
      z
        .object({ issues: z.array(z.object({ node: z.string(), path: z.string(), message: z.string() })) })
        .parse(await perform('automations.check', { draft })).issues;
    const reading = (expression: string) =>
      chain({ type: 'manual' }, [set('read', { v: `{{ ${expression} }}` })]);
    assert.deepEqual(await issuesOf(reading('vars.limit.anything')), []);
    for (const [expression, reason] of [
      ['vars.limits', 'there is no variable limits'],
      ['vars', 'a variable is read by its name: vars.<name>'],
      ['vars[trigger.name]', 'a variable is read by its name: vars.<name>'],
    ] as const) {
      const message = `{{ ${expression} }}: ${reason}`;
      assert.deepEqual(await issuesOf(reading(expression)), [
        { node: 'read', path: 'nodes.0.input.values.v', message },
      ]);
    }
    const where = { type: 'webhook', where: '{{ vars.limit == 5 }}' };
    const [issue] = await issuesOf(chain(where, []));
    assert.deepEqual(
      [issue?.path, issue?.message],
      ['trigger.where', '{{ vars.limit == 5 }}: variables can not be read here'],
    );
  });

  it('have a name of their own in the organization, which is free again once they are deleted', async () => {
    const { id } = await create('limit', 5);
    await assertRefused(perform('variables.create', { name: 'limit', value: 6 }), 'conflict', 'name');
    const [one, two] = await Promise.allSettled([create('twice', 1), create('twice', 2)]);
    assert.deepEqual([one.status, two.status].sort(), ['fulfilled', 'rejected']);
    await perform('variables.delete', { id });
    await create('limit', 7);
    await assertRefused(perform('variables.restore', { id }), 'conflict', 'name');
    const other = await buildOrganization(system.app);
    await system.app.perform(other.caller, 'variables.create', { name: 'limit', value: 8 });
  });

  it('hold any JSON up to 8 KB', async () => {
    for (const [name, value] of Object.entries({ a: null, b: 'text', c: [1, { d: true }], d: false })) {
      assert.deepEqual((await create(name, value)).value, value);
    }
    await assertRefused(
      perform('variables.create', { name: 'big', value: 'x'.repeat(8_191) }),
      'validation',
      'value',
    );
    for (const name of ['', '1a', 'a-b', 'a'.repeat(65)]) {
      await assertRefused(perform('variables.create', { name, value: 1 }), 'validation', 'name');
    }
  });

  it('are told of in events without their value', async () => {
    const { id } = await create('limit', 'seen by few');
    await change(id, 'also');
    const events = await listEvents(system.app, organization.orgId, id);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['variable.created', 'variable.updated'],
    );
    assert.doesNotMatch(JSON.stringify(events), /seen by few|also/);
  });

  it('are changed by those who may', async () => {
    const member = await buildMember(system.app, organization, 'member');
    const { id } = await create('limit', 5);
    const asMember = (name: string, input: object) => system.app.perform(member.caller, name, input);
    assert.equal(Variable.parse(await asMember('variables.get', { id })).value, 5);
    await assertRefused(asMember('variables.update', { id, value: 6 }), 'forbidden');
    await assertRefused(asMember('variables.create', { name: 'x', value: 6 }), 'forbidden');
  });

  it(`are ${maxVariables} at most`, async () => {
    const names = Array.from({ length: maxVariables }, (_, index) => `v${index}`);
    const made = await Promise.all(names.map((name) => create(name, 1)));
    await assertRefused(perform('variables.create', { name: 'more', value: 1 }), 'conflict');
    await perform('variables.delete', { id: made[0]?.id });
    await create('more', 1);
    await assertRefused(perform('variables.restore', { id: made[0]?.id }), 'conflict');
  });
});
