import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ErrorIssue } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { chain } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';
import { createTask, edges, manual, postMessage, set } from './nodes.js';

const WithId = z.looseObject({ id: z.uuid() });
const Key = z.looseObject({ key: z.string() });

describe('publishing', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  const projectId = randomUUID();
  before(async () => {
    system = await testSystem();
    organization = await buildOrganization(system.app);
  });

  it('refuses a field of the trigger that does not exist', async () => {
    const node = set('note', { title: '{{ trigger.issue.titel }}' });
    const connection = await githubConnection(organization.caller);
    const definition = chain({ type: 'github.issue_opened', connection }, [node]);
    await assertIssue(definition, { node: 'note', path: 'nodes.0.input.values.title', message: /titel/ });
  });

  it('refuses a field of an earlier step that does not exist', async () => {
    const definition = manual(
      [createTask('task', projectId, 'T'), set('note', { title: '{{ steps.task.output.headline }}' })],
      'trigger > task',
      'task > note',
    );
    await assertIssue(definition, { node: 'note', path: 'nodes.1.input.values.title', message: /headline/ });
  });

  it('refuses a number where an action wants text', async () => {
    const definition = manual([{ ...createTask('task', projectId, '{{ 1 + 1 }}') }], 'trigger > task');
    await assertIssue(definition, {
      node: 'task',
      path: 'nodes.0.input.title',
      message: /must be string, but is number/,
    });
  });

  it('refuses text that is not one of the allowed words, an unknown field and a missing one', async () => {
    const node = {
      id: 'task',
      type: 'action',
      action: 'tasks.create',
      input: { projectId, priority: 'top', colour: 'red' },
    };
    const issues = await issuesOf(manual([node], 'trigger > task'));
    assert.deepEqual(issues.map(({ path }) => path).sort(), [
      'nodes.0.input.colour',
      'nodes.0.input.priority',
      'nodes.0.input.title',
    ]);
  });

  it('refuses a condition that is not true or false', async () => {
    const definition = manual(
      [{ id: 'check', type: 'if', input: { condition: '{{ 7 }}' } }],
      'trigger > check',
    );
    await assertIssue(definition, { node: 'check', path: 'nodes.0.input.condition', message: /boolean/ });
  });

  it('refuses an expression that can not be read', async () => {
    const definition = manual([set('note', { a: '{{ 1 + }}' })], 'trigger > note');
    await assertIssue(definition, { node: 'note', path: 'nodes.0.input.values.a', message: /1 \+/ });
  });

  it('refuses regular expressions, which can take for ever', async () => {
    const definition = manual([set('note', { a: "{{ 'a'.matches('(a+)+$') }}" })], 'trigger > note');
    await assertIssue(definition, { node: 'note', path: 'nodes.0.input.values.a', message: /matches/ });
  });

  it('refuses a cycle, and shows it', async () => {
    const definition = manual([set('a', {}), set('b', {}), set('c', {})], 'trigger > a', 'c > b', 'b > c');
    await assertIssue(definition, { path: 'edges', message: /b → c → b|c → b → c/ }, ['b', 'c']);
  });

  it('refuses a node that the trigger does not reach', async () => {
    const definition = manual([set('a', {}), set('island', {})], 'trigger > a');
    await assertIssue(definition, { node: 'island', path: 'nodes.1.edges', message: /not reachable/ });
  });

  it('refuses an action that does not exist, and one that needs no sign-in', async () => {
    for (const action of ['tasks.paint', 'identity.sign_up']) {
      const definition = manual([{ id: 'act', type: 'action', action, input: {} }], 'trigger > act');
      await assertIssue(definition, { node: 'act', path: 'nodes.0.action', message: /there is no action/ });
    }
  });

  it('refuses an action that the publisher may not use', async () => {
    const member = await buildMember(system.app, organization, 'manager');
    const definition = manual(
      [{ id: 'list', type: 'action', action: 'api_keys.list', input: {} }],
      'trigger > list',
    );
    assert.deepEqual(await issuesOf(definition, member.caller), []);
    const narrowed = await narrowKey(organization.caller, ['automations:*', 'tasks:read']);
    const task = manual([createTask('task', projectId, 'T')], 'trigger > task');
    await assertIssue(
      task,
      { node: 'task', path: 'nodes.0.action', message: /tasks:create/ },
      ['task'],
      narrowed,
    );
  });

  it('refuses a member whose role may not publish', async () => {
    const member = await buildMember(system.app, organization, 'member');
    const draft = manual([set('a', {})], 'trigger > a');
    const created = WithId.parse(
      await system.app.perform(organization.caller, 'automations.create', { name: 'Test', draft }),
    );
    await assertRefused(
      system.app.perform(member.caller, 'automations.publish', { id: created.id }),
      'forbidden',
    );
  });

  it('refuses a connector action without a connection, with an unknown one and with one of another app', async () => {
    const without = manual([{ ...postMessage('tell', '', 'Hi'), connection: undefined }], 'trigger > tell');
    await assertIssue(without, {
      node: 'tell',
      path: 'nodes.0.connection',
      message: /needs a connection of slack/,
    });
    const unknown = manual([postMessage('tell', randomUUID(), 'Hi')], 'trigger > tell');
    await assertIssue(unknown, { node: 'tell', path: 'nodes.0.connection', message: /no such connection/ });
    const github = await githubConnection(organization.caller);
    const wrong = manual([postMessage('tell', github, 'Hi')], 'trigger > tell');
    await assertIssue(wrong, {
      node: 'tell',
      path: 'nodes.0.connection',
      message: /of github, not of slack/,
    });
  });

  it('refuses a connection of another organization as one that does not exist', async () => {
    const other = await buildOrganization(system.app);
    const foreign = await buildSlackConnection(system.app, other.caller, 'http://127.0.0.1:9/api/');
    const definition = manual([postMessage('tell', foreign.id, 'Hi')], 'trigger > tell');
    await assertIssue(definition, {
      node: 'tell',
      path: 'nodes.0.connection',
      message: /no such connection/,
    });
  });

  it('refuses a reference to a step that comes later, to one beside it and to one that is not there', async () => {
    const definition = manual(
      [
        set('a', { x: '{{ steps.b.output.y }}' }),
        set('b', { y: 1 }),
        set('beside', { z: '{{ steps.b.output.y }}' }),
        set('lost', { w: '{{ steps.nobody.output.y }}' }),
      ],
      'trigger > a',
      'a > b',
      'trigger > beside',
      'b > lost',
    );
    const issues = await issuesOf(definition);
    assert.deepEqual(issues.map(({ node, path }) => [node, path]).sort(), [
      ['a', 'nodes.0.input.values.x'],
      ['beside', 'nodes.2.input.values.z'],
      ['lost', 'nodes.3.input.values.w'],
    ]);
    assert.match(issues.find(({ node }) => node === 'a')?.message ?? '', /does not run before/);
    assert.match(issues.find(({ node }) => node === 'lost')?.message ?? '', /no step nobody/);
  });

  it('refuses an edge by a handle that its node does not have', async () => {
    const nodes = [{ id: 'check', type: 'if', input: { condition: true } }, set('a', {})];
    const definition = manual(nodes, 'trigger > check', 'check.maybe > a');
    await assertIssue(definition, { node: 'check', path: 'edges.1.sourceHandle', message: /true, false/ });
    const error = manual(
      [createTask('task', projectId, 'T'), set('a', {})],
      'trigger > task',
      'task.error > a',
    );
    await assertIssue(error, { node: 'task', path: 'edges.1.sourceHandle', message: /default/ });
  });

  it('refuses an edge to nowhere, an edge twice and an id twice', async () => {
    const lost = manual([set('a', {})], 'trigger > a', 'a > nowhere');
    await assertIssue(lost, { path: 'edges.1.target', message: /nowhere/ });
    const twice = manual([set('a', {})], 'trigger > a', 'trigger > a');
    await assertIssue(twice, { path: 'edges.1', message: /repeats/ });
    const same = manual([set('a', {}), set('a', {})], 'trigger > a');
    await assertIssue(same, { node: 'a', path: 'nodes.1.id', message: /another node/ });
  });

  it('refuses a trigger and an event that do not exist', async () => {
    const definition = { name: 'Test', nodes: [set('a', {})], edges: edges('trigger > a') };
    await assertIssue(
      { ...definition, trigger: { type: 'moon.full' } },
      { node: 'trigger', path: 'trigger.type', message: /moon\.full/ },
    );
    await assertIssue(
      { ...definition, trigger: { type: 'event', input: { event: 'task.painted' } } },
      { node: 'trigger', path: 'trigger.input.event', message: /task\.painted/ },
    );
  });

  it('refuses a wait that is no duration and a definition that is no definition', async () => {
    const definition = manual(
      [{ id: 'pause', type: 'wait', input: { duration: 'soon' } }],
      'trigger > pause',
    );
    await assertIssue(definition, { node: 'pause', path: 'nodes.0.input.duration', message: /30s/ });
    const issues = await issuesOf({
      name: 'Test',
      trigger: { type: 'manual' },
      nodes: [{ id: 'A', type: 'magic' }],
    });
    assert.ok(issues.some(({ path }) => path.startsWith('nodes.0')));
  });

  it('refuses code that can not be read, and code that would come from a template', async () => {
    const code = (source: string) => ({ id: 'compute', type: 'code', input: { source } });
    await assertIssue(manual([code('const a = ;')], 'trigger > compute'), {
      node: 'compute',
      path: 'nodes.0.input.source',
      message: /^line 1, column 11/,
    });
    const action = {
      id: 'compute',
      type: 'action',
      action: 'code.run',
      input: { source: '{{ trigger.code }}' },
    };
    await assertIssue(manual([action], 'trigger > compute'), {
      node: 'compute',
      path: 'nodes.0.action',
      message: /node of type code/,
    });
  });

  it('refuses a loop without a body, a way into a body from outside, and item outside of it', async () => {
    const loop = { id: 'each', type: 'loop', input: { items: '{{ [1, 2] }}' } };
    await assertIssue(manual([loop, set('after', {})], 'trigger > each', 'each.done > after'), {
      node: 'each',
      path: 'nodes.0.edges',
      message: /nothing follows its handle body/,
    });
    await assertIssue(
      manual(
        [loop, set('in', {}), set('out', {})],
        'trigger > each',
        'each.body > in',
        'trigger > out',
        'out > in',
      ),
      {
        node: 'in',
        path: 'nodes.1.edges',
        message: /reached from out outside/,
      },
    );
    await assertIssue(
      manual(
        [loop, set('in', {}), set('out', { v: '{{ item }}' })],
        'trigger > each',
        'each.body > in',
        'each.done > out',
      ),
      { node: 'out', path: 'nodes.2.input.values.v', message: /item/ },
    );
  });

  it('refuses to wait for an event that does not exist, and an approval that nobody may decide', async () => {
    await assertIssue(
      manual([{ id: 'pause', type: 'wait', input: { event: 'task.painted' } }], 'trigger > pause'),
      { node: 'pause', path: 'nodes.0.input.event', message: /task\.painted/ },
    );
    const ask = { id: 'ask', type: 'approval', input: { title: 'Go?' }, approvers: { needed: 1 } };
    await assertIssue(manual([ask], 'trigger > ask'), {
      node: 'ask',
      path: 'nodes.0.approvers',
      message: /users or roles/,
    });
  });

  it('leaves an automation as it was when it refuses its new draft', async () => {
    const { app } = system;
    const { caller } = organization;
    const good = manual([set('a', {})], 'trigger > a');
    const { id } = WithId.parse(await app.perform(caller, 'automations.create', { name: 'T', draft: good }));
    await app.perform(caller, 'automations.publish', { id });
    await app.perform(caller, 'automations.update', { id, draft: manual([set('a', {})]) });
    await assertRefused(app.perform(caller, 'automations.publish', { id }), 'validation', 'nodes.0.edges');
    const shown = z
      .looseObject({ publishedVersion: z.number(), status: z.string() })
      .parse(await app.perform(caller, 'automations.get', { id }));
    assert.deepEqual([shown.publishedVersion, shown.status], [1, 'active']);
  });

  /** Publishing and checking must find the same. */
  async function issuesOf(draft: object, caller: Caller = organization.caller): Promise<ErrorIssue[]> {
    const Issues = z.object({
      issues: z.array(z.object({ path: z.string(), message: z.string(), node: z.string().optional() })),
    });
    const { issues } = Issues.parse(await system.app.perform(caller, 'automations.check', { draft }));
    const { id } = WithId.parse(
      await system.app.perform(organization.caller, 'automations.create', { name: 'Test', draft }),
    );
    const publishing = system.app.perform(caller, 'automations.publish', { id });
    if (issues.length === 0) await publishing;
    else assert.deepEqual(byPath((await assertRefused(publishing, 'validation')).issues), byPath(issues));
    return issues.map(({ node, ...issue }) => (node === undefined ? issue : { ...issue, node }));
  }

  async function assertIssue(
    draft: object,
    expected: { node?: string; path: string; message: RegExp },
    nodes: readonly string[] = [],
    caller: Caller = organization.caller,
  ): Promise<void> {
    const [issue, ...more] = await issuesOf(draft, caller);
    assert.deepEqual(more, []);
    assert.ok(issue);
    assert.equal(issue.path, expected.path, JSON.stringify(issue));
    assert.match(issue.message, expected.message);
    if (expected.node !== undefined) assert.equal(issue.node, expected.node);
    if (nodes.length > 0) assert.ok(nodes.includes(issue.node ?? ''));
  }

  async function githubConnection(caller: Caller): Promise<string> {
    const input = { connector: 'github', name: 'GitHub', secret: { token: 't' } };
    return WithId.parse(await system.app.perform(caller, 'connections.create', input)).id;
  }

  async function narrowKey(caller: Caller, scopes: readonly string[]): Promise<Caller> {
    const { key } = Key.parse(
      await system.app.perform(caller, 'api_keys.create', { name: 'Narrow', scopes }),
    );
    return system.app.resolveApiKey(key);
  }
});

/** A saved draft has its keys in another order than the one that was sent. */
function byPath(issues: readonly { path: string }[]) {
  return [...issues].sort((a, b) => a.path.localeCompare(b.path));
}
