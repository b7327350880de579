import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';
import { manual, set, type TestNode } from './nodes.js';

const Id = z.object({ id: z.uuid() });

describe('publishing what refers to other automations', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await testSystem();
    organization = await buildOrganization(system.app);
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const build = async (definition: object) =>
    (await buildAutomation(system.app, organization.caller, definition)).id;
  const call = (automation: string, input: object = {}, more: object = {}): TestNode => ({
    id: 'call',
    type: 'subflow',
    automation,
    input,
    ...more,
  });
  const draft = async (definition: object, name = 'Test') =>
    Id.parse(await perform('automations.create', { name, draft: definition })).id;

  /** Path and message of each issue that keeps a definition from being published. */
  async function issuesOf(definition: object): Promise<string[]> {
    return issuesOfSaved(await draft(definition));
  }
  async function issuesOfSaved(id: string): Promise<string[]> {
    const error = await perform('automations.publish', { id }).then(
      () => assert.fail('it was published'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, 'validation');
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }

  it('is refused for a subflow that is not there, not published, paused, or of another organization', async () => {
    const other = await buildOrganization(system.app);
    const foreign = await buildAutomation(system.app, other.caller, manual([set('a', {})], 'trigger > a'));
    for (const id of [randomUUID(), foreign.id]) {
      assert.deepEqual(await issuesOf(manual([call(id)], 'trigger > call')), [
        'nodes.0.automation: there is no such automation',
      ]);
    }
    const unpublished = await draft(manual([], ''), 'Unfinished');
    assert.deepEqual(await issuesOf(manual([call(unpublished)], 'trigger > call')), [
      'nodes.0.automation: "Unfinished" is not published',
    ]);
    const paused = await build(manual([set('a', {})], 'trigger > a'));
    await perform('automations.pause', { id: paused });
    assert.deepEqual(await issuesOf(manual([call(paused)], 'trigger > call')), [
      'nodes.0.automation: "Test" is paused',
    ]);
  });

  it('is refused for a circle, direct or over others, which is shown', async () => {
    const a = await draft(manual([set('a', {})], 'trigger > a'), 'A');
    await perform('automations.publish', { id: a });
    const [b, c] = [await draft(manual([call(a)], 'trigger > call'), 'B'), await draft({}, 'C')];
    await perform('automations.publish', { id: b });
    await perform('automations.update', { id: c, draft: manual([call(b)], 'trigger > call') });
    await perform('automations.publish', { id: c });
    await perform('automations.update', { id: a, draft: manual([call(c)], 'trigger > call') });
    assert.deepEqual(await issuesOfSaved(a), [
      'nodes.0.automation: leads in a circle: "A" → "C" → "B" → "A"',
    ]);
    await perform('automations.update', { id: a, draft: manual([call(a)], 'trigger > call') });
    assert.deepEqual(await issuesOfSaved(a), ['nodes.0.automation: leads in a circle: "A" → "A"']);
  });

  it('lets only one of two through that would call each other', async () => {
    const [a, b] = [
      await build(manual([set('a', {})], 'trigger > a')),
      await build(manual([set('b', {})], 'trigger > b')),
    ];
    await perform('automations.update', { id: a, draft: manual([call(b)], 'trigger > call') });
    await perform('automations.update', { id: b, draft: manual([call(a)], 'trigger > call') });
    const outcomes = await Promise.allSettled([a, b].map((id) => perform('automations.publish', { id })));
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  describe('with schemas', () => {
    const person = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
      required: ['name'],
      additionalProperties: false,
    };
    const greeting = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
    const greet = (output: unknown = { text: 'Hi {{ trigger.name }}' }) => ({
      ...manual([{ id: 'end', type: 'stop', input: { output } }], 'trigger > end'),
      trigger: { type: 'manual', input: { inputSchema: person } },
      settings: { outputSchema: greeting },
    });

    it('checks the input of a subflow, and what is read of its output', async () => {
      const id = await build(greet());
      const after = set('after', { a: '{{ steps.call.output.txt }}' });
      const parent = (input: object, ...more: readonly TestNode[]) =>
        manual([call(id, input), ...more], 'trigger > call', ...more.map(() => 'call > after'));
      assert.deepEqual(await issuesOf(parent({ nam: 'Ada' })), [
        'nodes.0.input.nam: is not a field here; known: age, name',
        'nodes.0.input.name: is required',
      ]);
      assert.deepEqual(await issuesOf(parent({ name: 'Ada', age: 'old' })), [
        'nodes.0.input.age: must be integer, but is string',
      ]);
      const [unknown] = await issuesOf(parent({ name: 'Ada' }, after));
      assert.match(unknown ?? '', /^nodes\.1\.input\.values\.a: .*txt/);
      await build(parent({ name: 'Ada', age: 3 }, set('after', { a: '{{ steps.call.output.text }}' })));
    });

    it('checks the input of a subflow that callers of the API start, too', async () => {
      const id = await build({ ...greet(), trigger: { type: 'api', input: { inputSchema: person } } });
      assert.deepEqual(await issuesOf(manual([call(id, { age: 3 })], 'trigger > call')), [
        'nodes.0.input.name: is required',
      ]);
      await assertRefused(perform('automations.run', { id, input: { age: 3 } }), 'validation', 'input.name');
    });

    it('checks the own trigger and result of an automation', async () => {
      const [unknown] = await issuesOf(greet({ text: '{{ trigger.nam }}' }));
      assert.match(unknown ?? '', /^nodes\.0\.input\.output\.text: .*nam/);
      assert.deepEqual(await issuesOf(greet({ text: 5 })), [
        'nodes.0.input.output.text: must be string, but is number',
      ]);
      const without = { ...greet(), nodes: [{ id: 'end', type: 'stop' }] };
      assert.deepEqual(await issuesOf(without), [
        'nodes.0.input.output: is needed: settings.outputSchema says so',
      ]);
    });

    it('refuses input by hand that is not what it takes', async () => {
      const id = await build(greet());
      await assertRefused(perform('automations.run', { id, input: { age: 3 } }), 'validation', 'input.name');
      await perform('automations.run', { id, input: { name: 'Ada' } });
    });

    it('is refused for what is no schema', async () => {
      const bad = { ...greet(), settings: { outputSchema: { type: 'text', pattern: '(a+)+' } } };
      const issues = await issuesOf(bad);
      assert.ok(issues.length > 0);
      assert.ok(issues.every((issue) => issue.startsWith('settings.outputSchema')));
    });
  });

  it('is refused for failure automations that can not be started, and errors of unknown automations', async () => {
    const nobody = randomUUID();
    const definition = manual([set('a', {})], 'trigger > a');
    assert.deepEqual(await issuesOf({ ...definition, settings: { onFailure: nobody } }), [
      'settings.onFailure: there is no such automation',
    ]);
    const own = await draft(definition);
    await perform('automations.update', { id: own, draft: { ...definition, settings: { onFailure: own } } });
    assert.deepEqual(await issuesOfSaved(own), ['settings.onFailure: must be another automation']);
    const trigger = { type: 'error', input: { automations: [nobody] } };
    assert.deepEqual(await issuesOf({ ...definition, trigger }), [
      'trigger.input.automations.0: there is no such automation',
    ]);
  });

  it('needs the right to run automations', async () => {
    const child = await build(manual([set('a', {})], 'trigger > a'));
    const { orgId, userId } = organization;
    const scopes = ['automations:create', 'automations:publish'];
    const caller = { kind: 'api_key', orgId, userId, keyId: randomUUID(), scopes } as const;
    const created = await system.app.perform(caller, 'automations.create', {
      name: 'Test',
      draft: manual([call(child)], 'trigger > call'),
    });
    const publish = system.app.perform(caller, 'automations.publish', { id: Id.parse(created).id });
    await assertRefused(publish, 'validation', 'nodes.0.action');
  });

  it('is refused for an action step that starts a subflow behind the compiler', async () => {
    const child = await build(manual([set('a', {})], 'trigger > a'));
    const step = { id: 'run', type: 'action', action: 'automations.run_subflow', input: { id: child } };
    assert.deepEqual(await issuesOf(manual([step], 'trigger > run')), [
      'nodes.0.action: is done by a node of type subflow',
    ]);
  });
});
