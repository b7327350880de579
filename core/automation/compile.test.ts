import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineAction } from '../action.js';
import { AppError } from '../errors.js';
import { defineEvent } from '../event.js';
import { type CompileContext, type CompiledAutomation, compileAutomation } from './compile.js';
import { AutomationDefinition } from './definition.js';
import type { PlanNode } from './plan.js';

const Task = z.object({ id: z.string(), title: z.string(), labels: z.array(z.string()), size: z.number() });
const base = { title: 'T', description: 'D', effect: 'write', run: async () => ({}) } as const;
const createTask = defineAction({
  ...base,
  name: 'tasks.create',
  permission: 'tasks:create',
  input: z.object({ title: z.string(), size: z.number().optional() }),
  output: Task,
  run: async () => ({ id: '', title: '', labels: [], size: 0 }),
});
const logIn = defineAction({
  ...base,
  name: 'identity.log_in',
  permission: 'public',
  input: z.object({}),
  output: z.object({}),
});
const post = {
  ...base,
  kind: 'connector',
  connector: 'chat',
  name: 'chat.post',
  permission: 'chat:post',
  input: z.object({ text: z.string() }),
  output: z.object({ at: z.string() }),
} as const;
const created = defineEvent({ type: 'task.created', title: 'Created', description: '', payload: Task });
const chatConnection = randomUUID();
const mailConnection = randomUUID();

const context: CompileContext = {
  triggers: new Map(),
  events: new Map([[created.type, created]]),
  actions: new Map([createTask, logIn, post].map((action) => [action.name, action])),
  connections: new Map([
    [chatConnection, 'chat'],
    [mailConnection, 'mail'],
  ]),
  nowMs: Date.UTC(2027, 0, 1),
  mayUse: () => true,
};

const task = (id: string, input: object = { title: 'T' }, more: object = {}) => ({
  id,
  type: 'action',
  action: 'tasks.create',
  input,
  ...more,
});
const tell = (id: string, text: string, connection: string | undefined = chatConnection) => ({
  id,
  type: 'action',
  action: 'chat.post',
  connection,
  input: { text },
});
const set = (id: string, values: object) => ({ id, type: 'set', input: { values } });
const onTask = { type: 'event', input: { event: 'task.created' } };

/** Nodes one after the other. */
function line(trigger: object, nodes: readonly { id: string }[], more: object = {}): AutomationDefinition {
  const edges = nodes.map(({ id }, index) => ({ source: nodes[index - 1]?.id ?? 'trigger', target: id }));
  return AutomationDefinition.parse({ name: 'Test', trigger, nodes, edges, ...more });
}

function compile(
  definition: AutomationDefinition,
  changes: Partial<CompileContext> = {},
): CompiledAutomation {
  return compileAutomation(definition, { ...context, ...changes });
}

function issuesOf(definition: AutomationDefinition, changes: Partial<CompileContext> = {}): string[] {
  try {
    compile(definition, changes);
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'validation');
    return error.issues.map(({ node = '-', path, message }) => `${node} ${path}: ${message}`);
  }
  return [];
}

function nodeOf<Type extends PlanNode['type']>(
  { plan }: CompiledAutomation,
  id: string,
  type: Type,
): Extract<PlanNode, { type: Type }> {
  const node = plan.nodes.find((entry): entry is Extract<PlanNode, { type: Type }> => {
    return entry.id === id && entry.type === type;
  });
  assert.ok(node, `a ${type} node ${id}`);
  return node;
}

describe('a compiled automation', () => {
  it('listens to its trigger and may do what its actions need, no more', () => {
    const { scopes, topic } = compile(line(onTask, [task('one'), task('two'), tell('tell', 'Hi')]));
    assert.deepEqual(scopes, ['chat:post', 'tasks:create']);
    assert.equal(topic, 'event:task.created');
    assert.equal(compile(line({ type: 'manual' }, [])).topic, undefined);
  });

  it('knows what of its trigger and of its steps is read', () => {
    const compiled = compile(
      line(onTask, [
        task('one', { title: '{{ trigger.title }} {{ trigger.labels[0] }}' }),
        task('two', { title: '{{ steps.one.output.id }}', size: '{{ steps.one.output.size }}' }),
        set('all', { of: '{{ steps.two.output }}', status: '{{ steps.one.status }}' }),
      ]),
    );
    assert.deepEqual(compiled.plan.trigger.uses, [['title'], ['labels']]);
    assert.deepEqual(nodeOf(compiled, 'one', 'action').keep, [['id'], ['size']]);
    assert.deepEqual(nodeOf(compiled, 'two', 'action').keep, [[]]);
    assert.deepEqual(nodeOf(compiled, 'two', 'action').reads, ['steps.one']);
    assert.deepEqual(nodeOf(compiled, 'all', 'set').reads, ['steps.one', 'steps.two']);
  });

  it('keeps all of every output when an expression reads all steps', () => {
    const compiled = compile(line(onTask, [task('one'), set('two', {}), set('all', { of: '{{ steps }}' })]));
    assert.deepEqual(nodeOf(compiled, 'one', 'action').keep, [[]]);
    assert.deepEqual(nodeOf(compiled, 'all', 'set').reads, ['steps.one', 'steps.two']);
  });

  it('knows which short actions surely follow one another', () => {
    const { plan } = compile(
      line(onTask, [task('one'), task('two'), task('three'), tell('tell', 'Hi'), task('four'), task('five')]),
    );
    const chains = plan.nodes.flatMap((node) => (node.type === 'action' ? [[node.id, node.leadsTo]] : []));
    assert.deepEqual(Object.fromEntries(chains), {
      one: ['two', 'three'],
      two: ['three'],
      three: [],
      tell: [],
      four: ['five'],
      five: [],
    });
  });

  it('takes nothing for sure behind a way that another node comes by too', () => {
    const joined = {
      ...line(onTask, [task('one'), task('two', undefined, { onError: 'branch' }), task('three')]),
    };
    const { plan } = compile({
      ...joined,
      edges: [...joined.edges, { source: 'two', sourceHandle: 'error', target: 'three' }],
    });
    const chains = plan.nodes.flatMap((node) => (node.type === 'action' ? [node.leadsTo] : []));
    assert.deepEqual(chains, [['two'], [], []]);
  });

  it('does short transactions locally and calls to the outside not, each with its time limit', () => {
    const compiled = compile(
      line(onTask, [task('one'), tell('tell', 'Hi'), task('two', undefined, { timeout: '3s' })]),
    );
    const [one, outside, two] = ['one', 'tell', 'two'].map((id) => nodeOf(compiled, id, 'action'));
    assert.deepEqual([one?.isLocal, one?.timeoutMs], [true, 10_000]);
    assert.deepEqual([outside?.isLocal, outside?.timeoutMs], [false, 60_000]);
    assert.equal(two?.timeoutMs, 3_000);
  });

  it('retries as it is told, and sensibly where it is not', () => {
    const compiled = compile(
      line(onTask, [task('one'), task('two', undefined, { retry: { attempts: 3, backoff: '200ms' } })]),
    );
    assert.deepEqual(nodeOf(compiled, 'one', 'action').retry, {
      attempts: 5,
      backoffMs: 1_000,
      maxBackoffMs: 60_000,
    });
    assert.deepEqual(nodeOf(compiled, 'two', 'action').retry, {
      attempts: 3,
      backoffMs: 200,
      maxBackoffMs: 60_000,
    });
  });

  it('is light unless it waits', () => {
    const wait = { id: 'rest', type: 'wait', input: { duration: '1h' } };
    assert.equal(compile(line(onTask, [task('one')])).plan.isLight, true);
    assert.equal(compile(line(onTask, [task('one'), wait])).plan.isLight, false);
  });

  it('has the time limit of its settings and the condition of its trigger', () => {
    const where = "{{ trigger.labels.exists(l, l == 'bug') }}";
    const { plan } = compile(line({ ...onTask, where }, [], { settings: { timeout: '2h' } }));
    assert.equal(plan.timeoutMs, 7_200_000);
    assert.equal(plan.trigger.where, where);
  });

  it('lets later steps look into what a set node holds', () => {
    const values = { list: [1, 2], map: { a: 1 }, nothing: null, sum: '{{ trigger.size + 1 }}', text: 'x' };
    const reads = {
      first: '{{ steps.made.output.list[0] }}',
      a: '{{ steps.made.output.map.a }}',
      none: '{{ steps.made.output.nothing == null }}',
      more: '{{ steps.made.output.sum * 2 }}',
      long: '{{ steps.made.output.text.size() }}',
    };
    assert.deepEqual(issuesOf(line(onTask, [set('made', values), set('reads', reads)])), []);
  });
});

describe('compiling', () => {
  it('refuses unknown triggers and events', () => {
    assert.deepEqual(issuesOf(line({ type: 'fax.received' }, [])), [
      'trigger trigger.type: there is no trigger fax.received',
    ]);
    assert.deepEqual(issuesOf(line({ type: 'event' }, [])), [
      'trigger trigger.input.event: there is no event (none)',
    ]);
  });

  it('refuses unknown actions, and those that are for signing in', () => {
    const nodes = [task('one', {}, { action: 'tasks.fly' }), task('two', {}, { action: 'identity.log_in' })];
    assert.deepEqual(issuesOf(line(onTask, nodes)), [
      'one nodes.0.action: there is no action tasks.fly',
      'two nodes.1.action: there is no action identity.log_in',
    ]);
  });

  it('refuses actions that the publisher may not use', () => {
    assert.deepEqual(issuesOf(line(onTask, [task('one')]), { mayUse: (name) => name !== 'tasks:create' }), [
      'one nodes.0.action: you may not use tasks.create (tasks:create)',
    ]);
  });

  it('refuses a connection that is missing, unknown, of another app, or of no use', () => {
    const unknown = randomUUID();
    const nodes = [
      { ...tell('a', 'Hi'), connection: undefined },
      tell('b', 'Hi', unknown),
      tell('c', 'Hi', mailConnection),
      task('d', { title: 'T' }, { connection: chatConnection }),
    ];
    assert.deepEqual(issuesOf(line({ type: 'manual', connection: chatConnection }, nodes)), [
      'trigger trigger.connection: takes no connection',
      'a nodes.0.connection: needs a connection of chat',
      'b nodes.1.connection: there is no such connection',
      'c nodes.2.connection: is a connection of mail, not of chat',
      'd nodes.3.connection: takes no connection',
    ]);
  });

  it('refuses a clash with the output of an earlier step', () => {
    const nodes = [task('one'), task('two', { title: '{{ steps.one.output.size }}' })];
    assert.deepEqual(issuesOf(line(onTask, nodes)), [
      'two nodes.1.input.title: must be string, but is number',
    ]);
  });

  it('promises nothing of a step that may have been skipped or may have failed', () => {
    const reads = task('two', { title: '{{ steps.one.output.size }}' });
    assert.deepEqual(issuesOf(line(onTask, [task('one', undefined, { onError: 'continue' }), reads])), []);
    const branches = AutomationDefinition.parse({
      name: 'Test',
      trigger: onTask,
      nodes: [
        { id: 'is', type: 'if', input: { condition: '{{ trigger.size > 1 }}' } },
        task('one'),
        { id: 'any', type: 'join', input: { mode: 'any' } },
        reads,
      ],
      edges: [
        { source: 'trigger', target: 'is' },
        { source: 'is', sourceHandle: 'true', target: 'one' },
        { source: 'is', sourceHandle: 'false', target: 'any' },
        { source: 'one', target: 'any' },
        { source: 'any', target: 'two' },
      ],
    });
    assert.deepEqual(issuesOf(branches), []);
  });

  it('refuses a step that runs beside or after, and tells it from one that is not there', () => {
    const nodes = [
      set('one', { a: '{{ steps.two.status }}' }),
      set('two', { a: '{{ steps.ghost.status }}', b: '{{ steps.two.status }}' }),
    ];
    assert.deepEqual(issuesOf(line(onTask, nodes)), [
      'one nodes.0.input.values.a: {{ steps.two.status }}: steps.two does not run before this',
      'two nodes.1.input.values.a: {{ steps.ghost.status }}: there is no step ghost',
      'two nodes.1.input.values.b: {{ steps.two.status }}: steps.two does not run before this',
    ]);
  });

  it('refuses conditions that are not true or false, of nodes and of the trigger', () => {
    const nodes = [
      { id: 'is', type: 'if', input: { condition: '{{ trigger.title }}' } },
      { id: 'which', type: 'switch', input: { cases: [{ name: 'a', when: '{{ 7 }}' }] } },
    ];
    const definition = AutomationDefinition.parse({
      name: 'Test',
      trigger: { ...onTask, where: '{{ trigger.size }}' },
      nodes,
      edges: nodes.map(({ id }) => ({ source: 'trigger', target: id })),
    });
    assert.deepEqual(issuesOf(definition), [
      'is nodes.0.input.condition: must be boolean, but is string',
      'which nodes.1.input.cases.0.when: must be boolean, but is number',
      'trigger trigger.where: must be boolean, but is number',
    ]);
  });

  it('lets the condition of the trigger see no steps', () => {
    const definition = line({ ...onTask, where: "{{ steps.one.status == 'succeeded' }}" }, [task('one')]);
    assert.match(issuesOf(definition)[0] ?? '', /^trigger trigger\.where: /);
  });

  it('refuses a wait that is no duration', () => {
    const rest = (duration: unknown) => ({ id: 'rest', type: 'wait', input: { duration } });
    const wait = (duration: unknown) => line(onTask, [rest(duration)]);
    assert.deepEqual(issuesOf(wait('5 minutes')), [
      'rest nodes.0.input.duration: must be a duration such as 30s, 5m or 2h',
    ]);
    assert.deepEqual(issuesOf(wait(5)), ['rest nodes.0.input.duration: must be string, but is number']);
    assert.deepEqual(issuesOf(wait('{{ string(trigger.size) }}s')), []);
  });
});
