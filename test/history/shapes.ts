import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { chain } from '../builders/build-automation.js';
import { runThat } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import type { TestSystem } from '../system.js';

/** Ids that definitions refer to. */
export interface Surroundings {
  projectId: string;
  slackConnectionId: string;
  /** An automation that greets `trigger.name`, and one that fails. */
  greetingAutomationId: string;
  failingAutomationId: string;
  /** One that waits for a day. */
  restingAutomationId: string;
}

/** A form that an automation's workflow can take, with the deliveries that make it run. */
export interface Shape {
  definition: object;
  /** One run for each; all of them in one workflow. */
  bodies: readonly object[];
  /** How it is tested as a draft, instead of being published and delivered to. */
  test?: object;
  /** What is done while the first run is under way. */
  intervene?(app: TestSystem['app'], caller: Caller, runId: string): Promise<void>;
}

const webhook = { type: 'webhook' };
const largeText = 'A long story. '.repeat(1_500);

/** Every shape of which a history is kept, by name. */
export function shapes(surroundings: Surroundings): Record<string, Shape> {
  const { projectId, slackConnectionId, greetingAutomationId, failingAutomationId, restingAutomationId } =
    surroundings;
  const task = (id: string, title: string, more: object = {}) => ({
    id,
    type: 'action',
    action: 'tasks.create',
    input: { projectId, title },
    ...more,
  });
  const message = (id: string, channel: string, text: string, more: object = {}) => ({
    id,
    type: 'action',
    action: 'slack.post_message',
    connection: slackConnectionId,
    input: { channel, text },
    ...more,
  });
  const values = (id: string, given: object) => ({ id, type: 'set', input: { values: given } });
  const rest = (duration: string) => ({ id: 'rest', type: 'wait', input: { duration } });
  const call = (id: string, automation: string, name: string, more: object = {}) => ({
    id,
    type: 'subflow',
    automation,
    input: { name },
    ...more,
  });
  const isBug = { id: 'is_bug', type: 'if', input: { condition: "{{ trigger.body.kind == 'bug' }}" } };

  return {
    plain: {
      definition: {
        ...chain(webhook, [
          isBug,
          task('task', 'Bug: {{ trigger.body.title }}'),
          values('note', { title: '{{ steps.task.output.title }}' }),
        ]),
        edges: [
          { source: 'trigger', target: 'is_bug' },
          { source: 'is_bug', sourceHandle: 'true', target: 'task' },
          { source: 'task', target: 'note' },
        ],
      },
      bodies: [{ kind: 'bug', title: 'Broken' }],
    },
    'ends-with-action': {
      definition: chain(webhook, [
        values('names', { title: '{{ trigger.body.title }}' }),
        task('task', '{{ steps.names.output.title }}'),
      ]),
      bodies: [{ title: 'Broken' }],
    },
    group: {
      definition: chain(webhook, [
        task('first', '{{ trigger.body.title }}'),
        task('second', 'After {{ steps.first.output.title }}'),
      ]),
      // The second run of the group fails: a title may not be empty.
      bodies: [{ title: 'One' }, { title: '' }, { title: 'Three' }, { title: 'Four' }],
    },
    // Runs of one group that go different ways, so that what follows from a result takes them differently long.
    'uneven-group': {
      definition: {
        name: 'Uneven',
        trigger: webhook,
        nodes: [
          task('first', '{{ trigger.body.title }}'),
          { id: 'long', type: 'if', input: { condition: '{{ trigger.body.isLong }}' } },
          values('one', { title: '{{ steps.first.output.title }}' }),
          values('two', { title: '{{ steps.one.output.title }}', text: largeText }),
          task('via', '{{ steps.two.output.title }}'),
          task('direct', 'Direct {{ steps.first.output.title }}'),
          { id: 'end', type: 'join', input: { mode: 'any' } },
          task('last', 'After both ways, {{ trigger.body.title }}'),
        ],
        edges: [
          { source: 'trigger', target: 'first' },
          { source: 'first', target: 'long' },
          { source: 'long', sourceHandle: 'true', target: 'one' },
          { source: 'one', target: 'two' },
          { source: 'two', target: 'via' },
          { source: 'long', sourceHandle: 'false', target: 'direct' },
          { source: 'via', target: 'end' },
          { source: 'direct', target: 'end' },
          { source: 'end', target: 'last' },
        ],
      },
      bodies: Array.from({ length: 8 }, (_, index) => ({
        title: index % 5 === 3 ? '' : `Number ${index}`,
        isLong: index % 2 === 0,
      })),
    },
    branches: {
      definition: {
        name: 'Branches',
        trigger: webhook,
        nodes: [
          {
            id: 'kind',
            type: 'switch',
            input: {
              cases: [
                { name: 'bug', when: "{{ trigger.body.kind == 'bug' }}" },
                { name: 'wish', when: "{{ trigger.body.kind == 'wish' }}" },
              ],
            },
          },
          task('bug', 'A bug'),
          task('wish', 'A wish'),
          task('always', 'Always'),
          { id: 'any', type: 'join', input: { mode: 'any' } },
          { id: 'all', type: 'join', input: { mode: 'all' } },
          {
            id: 'end',
            type: 'stop',
            input: { message: 'Done', output: { kind: '{{ trigger.body.kind }}' } },
          },
        ],
        edges: [
          { source: 'trigger', target: 'kind' },
          { source: 'trigger', target: 'always' },
          { source: 'kind', sourceHandle: 'bug', target: 'bug' },
          { source: 'kind', sourceHandle: 'wish', target: 'wish' },
          { source: 'bug', target: 'any' },
          { source: 'wish', target: 'any' },
          { source: 'any', target: 'all' },
          { source: 'always', target: 'all' },
          { source: 'all', target: 'end' },
        ],
        settings: { timeout: '1h' },
      },
      bodies: [{ kind: 'wish' }],
    },
    'error-branch': {
      definition: {
        ...chain(webhook, [
          message('tell', '#unknown', '{{ trigger.body.title }}', { onError: 'branch' }),
          task('instead', 'Not told: {{ steps.tell.error.message }}'),
        ]),
        edges: [
          { source: 'trigger', target: 'tell' },
          { source: 'tell', sourceHandle: 'error', target: 'instead' },
        ],
      },
      bodies: [{ title: 'Broken' }],
    },
    failed: {
      definition: chain(webhook, [
        task('task', '{{ trigger.body.title }}', { onError: 'continue' }),
        values('reads', { broken: '{{ trigger.body.nothing }}' }),
        task('never', 'Never'),
      ]),
      bodies: [{ title: '' }],
    },
    wait: {
      definition: chain(webhook, [
        task('before', '{{ trigger.body.title }}'),
        rest('100ms'),
        task('after', 'After {{ steps.before.output.title }}'),
      ]),
      bodies: [{ title: 'First' }],
    },
    cancelled: {
      definition: chain(webhook, [
        task('before', '{{ trigger.body.title }}'),
        rest('1d'),
        task('never', 'Never'),
      ]),
      bodies: [{ title: 'First' }],
      async intervene(app, caller, runId) {
        await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        await app.perform(caller, 'runs.cancel', { id: runId });
      },
    },
    connector: {
      definition: chain(webhook, [
        message('tell', '#bugs', '{{ trigger.body.title }}'),
        task('note', 'Told at {{ steps.tell.output.ts }}'),
        message('end', '#bugs', 'Done'),
      ]),
      bodies: [{ title: 'Broken' }],
    },
    'large-values': {
      definition: chain(webhook, [
        values('double', { text: '{{ trigger.body.text + trigger.body.text }}' }),
        values('short', { start: '{{ steps.double.output.text.substring(0, 10) }}' }),
        task('task', 'Long', { input: { projectId, title: 'Long', description: '{{ trigger.body.text }}' } }),
        message('tell', '#bugs', '{{ steps.task.output.description }}'),
      ]),
      bodies: [{ text: largeText }],
    },
    'large-plan': {
      definition: chain(webhook, [
        values('constants', { text: largeText }),
        task('task', '{{ trigger.body.title }}'),
      ]),
      bodies: [{ title: 'Broken' }],
    },
    loop: {
      definition: {
        name: 'Loop',
        trigger: webhook,
        nodes: [
          {
            id: 'each',
            type: 'loop',
            input: { items: '{{ trigger.body.titles }}', result: '{{ steps.task.output.title }}' },
            concurrency: 3,
            onItemError: 'collect',
          },
          task('task', '{{ item }}'),
          values('label', { text: '{{ index }}: {{ steps.task.output.title }}' }),
          task('after', 'After {{ steps.each.output.results[0] }}'),
        ],
        edges: [
          { source: 'trigger', target: 'each' },
          { source: 'each', sourceHandle: 'body', target: 'task' },
          { source: 'task', target: 'label' },
          { source: 'each', sourceHandle: 'done', target: 'after' },
        ],
      },
      bodies: [{ titles: ['one', 'two', '', 'four', 'five'] }],
    },
    'loop-of-calls': {
      definition: {
        name: 'Loop of calls',
        trigger: webhook,
        nodes: [
          { id: 'rows', type: 'loop', input: { items: '{{ trigger.body.rows }}' }, concurrency: 2 },
          { id: 'cells', type: 'loop', input: { items: '{{ item }}' } },
          message('tell', '#bugs', '{{ steps.rows.index }}/{{ item }}'),
          rest('100ms'),
          task('task', 'Told {{ steps.tell.output.ts }}'),
        ],
        edges: [
          { source: 'trigger', target: 'rows' },
          { source: 'rows', sourceHandle: 'body', target: 'cells' },
          { source: 'cells', sourceHandle: 'body', target: 'tell' },
          { source: 'tell', target: 'rest' },
          { source: 'rest', target: 'task' },
        ],
      },
      bodies: [{ rows: [['a', 'b'], ['c'], []] }],
    },
    'long-loop': {
      definition: {
        name: 'Long loop',
        trigger: webhook,
        nodes: [
          {
            id: 'each',
            type: 'loop',
            input: { items: '{{ trigger.body.numbers }}', result: '{{ item * 2 }}' },
          },
          values('next', { number: '{{ item + 1 }}' }),
          values('after', { count: '{{ steps.each.output.count }}' }),
        ],
        edges: [
          { source: 'trigger', target: 'each' },
          { source: 'each', sourceHandle: 'body', target: 'next' },
          { source: 'each', sourceHandle: 'done', target: 'after' },
        ],
      },
      bodies: [{ numbers: Array.from({ length: 1_010 }, (_, index) => index) }],
    },
    while: {
      definition: {
        name: 'While',
        trigger: webhook,
        nodes: [
          { id: 'more', type: 'while', input: { condition: '{{ index < 3 }}' } },
          task('task', 'Round {{ index }}'),
        ],
        edges: [
          { source: 'trigger', target: 'more' },
          { source: 'more', sourceHandle: 'body', target: 'task' },
        ],
      },
      bodies: [{}],
    },
    retried: {
      definition: {
        name: 'Retried',
        trigger: webhook,
        nodes: [
          task('before', '{{ trigger.body.title }}'),
          isBug,
          values('large', { text: largeText }),
          task('failing', '{{ steps.large.output.text.substring(0, 0) }}'),
        ],
        edges: [
          { source: 'trigger', target: 'before' },
          { source: 'before', target: 'is_bug' },
          { source: 'is_bug', sourceHandle: 'true', target: 'large' },
          { source: 'large', target: 'failing' },
        ],
      },
      bodies: [{ title: 'Broken', kind: 'bug' }],
      async intervene(app, caller, runId) {
        await runThat(app, caller, runId, 'the run has failed', ({ status }) => status === 'failed');
        await app.perform(caller, 'runs.retry', { id: runId });
      },
    },
    approval: {
      definition: {
        name: 'Approval',
        trigger: webhook,
        nodes: [
          {
            id: 'ask',
            type: 'approval',
            input: { title: 'Fix {{ trigger.body.title }}?' },
            approvers: { roles: ['owner'] },
          },
          task('yes', 'Fix: {{ steps.ask.output.decision }}'),
          {
            id: 'late',
            type: 'wait',
            input: { event: 'task.updated', match: { id: '{{ steps.yes.output.id }}' } },
            timeout: '1s',
          },
          task('after', 'Nothing happened'),
        ],
        edges: [
          { source: 'trigger', target: 'ask' },
          { source: 'ask', sourceHandle: 'approved', target: 'yes' },
          { source: 'yes', target: 'late' },
          { source: 'late', sourceHandle: 'timeout', target: 'after' },
        ],
      },
      bodies: [{ title: 'Broken' }],
      async intervene(app, caller, runId) {
        await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        const Page = z.object({ items: z.tuple([z.object({ id: z.uuid() })]) });
        const [{ id }] = Page.parse(await app.perform(caller, 'approvals.list', { runId })).items;
        await app.perform(caller, 'approvals.decide', { id, decision: 'approved' });
      },
    },
    reminders: {
      definition: {
        name: 'Reminders',
        trigger: webhook,
        nodes: [
          {
            id: 'ask',
            type: 'approval',
            input: { title: 'Fix {{ trigger.body.title }}?' },
            approvers: { roles: ['manager'] },
            reminders: { every: '1s', max: 2 },
            escalation: { after: '1s', to: { roles: ['owner'] } },
            timeout: '1h',
          },
          task('yes', 'Fix: {{ steps.ask.output.decision }}'),
        ],
        edges: [
          { source: 'trigger', target: 'ask' },
          { source: 'ask', sourceHandle: 'approved', target: 'yes' },
        ],
      },
      bodies: [{ title: 'Broken' }],
      async intervene(app, caller, runId) {
        const Page = z.object({ items: z.array(z.object({ id: z.uuid(), remindersSent: z.int() })) });
        const id = await eventually('both reminders are sent', async () => {
          const [approval] = Page.parse(await app.perform(caller, 'approvals.list', { runId })).items;
          return approval?.remindersSent === 2 ? approval.id : undefined;
        });
        await app.perform(caller, 'approvals.decide', { id, decision: 'approved' });
      },
    },
    subflow: {
      definition: {
        name: 'Subflow',
        trigger: webhook,
        nodes: [
          call('apart', greetingAutomationId, 'Ada', { mode: 'detach' }),
          call('greet', greetingAutomationId, '{{ trigger.body.name }}'),
          call('fails', failingAutomationId, 'Eve', { onError: 'branch' }),
          task('after', '{{ steps.greet.output.text }}, but {{ steps.fails.error.message }}'),
        ],
        edges: [
          { source: 'trigger', target: 'apart' },
          { source: 'apart', target: 'greet' },
          { source: 'greet', target: 'fails' },
          { source: 'fails', sourceHandle: 'error', target: 'after' },
        ],
      },
      bodies: [{ name: 'Bob' }],
    },
    'loop-of-subflows': {
      definition: {
        name: 'Loop of subflows',
        trigger: webhook,
        nodes: [
          {
            id: 'each',
            type: 'loop',
            input: { items: '{{ trigger.body.names }}', result: '{{ steps.greet.output.text }}' },
          },
          call('greet', greetingAutomationId, '{{ item }}'),
          task('after', '{{ steps.each.output.results[0] }}'),
        ],
        edges: [
          { source: 'trigger', target: 'each' },
          { source: 'each', sourceHandle: 'body', target: 'greet' },
          { source: 'each', sourceHandle: 'done', target: 'after' },
        ],
      },
      bodies: [{ names: ['Ada', 'Bob', 'Cy'] }],
    },
    'cancelled-subflow': {
      definition: chain(webhook, [
        { id: 'nap', type: 'subflow', automation: restingAutomationId },
        task('never', 'Never'),
      ]),
      bodies: [{}],
      async intervene(app, caller, runId) {
        await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        await app.perform(caller, 'runs.cancel', { id: runId });
      },
    },
    'subflow-in-time': {
      definition: chain(webhook, [
        {
          id: 'nap',
          type: 'subflow',
          automation: restingAutomationId,
          timeout: '500ms',
          onError: 'continue',
        },
        task('after', 'After {{ steps.nap.status }}'),
      ]),
      bodies: [{}],
    },
    respond: {
      definition: chain({ type: 'webhook', input: { response: 'respond' } }, [
        values('names', { title: '{{ trigger.body.title }}' }),
        {
          id: 'early',
          type: 'respond',
          input: { status: 202, body: { title: '{{ steps.names.output.title }}' } },
        },
        task('task', '{{ steps.names.output.title }}'),
        { id: 'late', type: 'respond', input: { body: '{{ steps.task.output.id }}' } },
      ]),
      bodies: [{ title: 'One' }, { title: 'Two' }],
    },
    undone: {
      definition: {
        name: 'Undone',
        trigger: webhook,
        nodes: [
          task('first', 'First'),
          message('tell', '#bugs', 'First is there'),
          rest('1h'),
          { ...task('remove', ''), action: 'tasks.delete', input: { id: '{{ steps.first.output.id }}' } },
          message('untell', '#bugs', 'First is gone'),
        ],
        edges: [
          { source: 'trigger', target: 'first' },
          { source: 'first', target: 'tell' },
          { source: 'tell', target: 'rest' },
          { source: 'first', sourceHandle: 'compensate', target: 'remove' },
          { source: 'tell', sourceHandle: 'compensate', target: 'untell' },
        ],
      },
      bodies: [{}],
      async intervene(app, caller, runId) {
        await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
        await app.perform(caller, 'runs.cancel', { id: runId });
      },
    },
    // Pinned steps outside of loops and in each pass, a step entered past what comes before it, and a variable.
    'tested-draft': {
      definition: {
        name: 'Tested draft',
        trigger: webhook,
        nodes: [
          task('before', 'Before'),
          values('beside', {}),
          { id: 'each', type: 'loop', input: { items: '{{ trigger.body.items }}' } },
          task('made', 'Never'),
          task('told', '{{ steps.made.output.title }} {{ item }}'),
          task('after', '{{ vars.sign }} {{ steps.before.output.title }}'),
        ],
        edges: [
          { source: 'trigger', target: 'before' },
          { source: 'trigger', target: 'beside' },
          { source: 'before', target: 'each' },
          { source: 'each', sourceHandle: 'body', target: 'made' },
          { source: 'made', target: 'told' },
          { source: 'each', sourceHandle: 'done', target: 'after' },
        ],
      },
      bodies: [],
      test: {
        mode: 'from',
        step: 'each',
        input: { body: { items: [1, 2] } },
        pinned: { steps: { before: { title: 'Pinned' }, made: { title: 'Made' } } },
      },
    },
    'first-wins': {
      definition: {
        name: 'First wins',
        trigger: webhook,
        nodes: [
          message('tell', '#bugs', 'Quick'),
          rest('1h'),
          { id: 'first', type: 'join', input: { mode: 'first' } },
          task('after', 'After the first'),
        ],
        edges: [
          { source: 'trigger', target: 'tell' },
          { source: 'trigger', target: 'rest' },
          { source: 'tell', target: 'first' },
          { source: 'rest', target: 'first' },
          { source: 'first', target: 'after' },
        ],
      },
      bodies: [{}],
    },
  };
}
