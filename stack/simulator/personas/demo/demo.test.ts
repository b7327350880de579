import assert from 'node:assert/strict';
import { conversationOf, toolOf } from '../../testing/conversation.js';
import { demoReply } from './demo.js';

const projectId = '0b0f6c4e-8f1d-4c52-9a37-5d2e61c7a904';
const listTasks = {
  name: 'tasks_list',
  description: 'Lists tasks.',
  schema: {
    type: 'object',
    properties: {
      status: {
        type: 'array',
        items: { type: 'string', enum: ['todo', 'in_progress', 'done', 'cancelled'] },
      },
      dueBefore: { type: 'string', format: 'date' },
    },
  },
};
const tools = [
  toolOf('tasks_create', 'title*', 'projectId*', 'dueDate'),
  listTasks,
  toolOf('projects_list', 'search'),
  toolOf('slack_post_message', 'channel*', 'text*'),
];

describe('The demo model', () => {
  it('greets, says what it is, and lists what it can do', () => {
    const text = say('Hello there');
    assert.match(text, /^Hello! I am the demo model/);
    assert.match(text, /- summarize a text/);
  });

  it('creates a task in the first project, in plain sentences', () => {
    const asked = 'Please create a task to call Ada by 2026-05-01.';
    assert.deepEqual(demoReply(conversationOf(asked, { tools })).toolCalls, [
      { name: 'projects_list', arguments: {} },
    ]);
    const projects = JSON.stringify({ items: [{ id: projectId, name: 'Website' }], nextCursor: null });
    assert.deepEqual(
      demoReply(conversationOf(asked, { tools, results: [['projects_list', projects]] })).toolCalls,
      [{ name: 'tasks_create', arguments: { title: 'Call Ada', dueDate: '2026-05-01', projectId } }],
    );
    const results: [string, string][] = [
      ['projects_list', projects],
      ['tasks_create', JSON.stringify({ id: projectId, title: 'Call Ada' })],
    ];
    assert.equal(demoReply(conversationOf(asked, { tools, results })).text, 'I created the task “Call Ada”.');
  });

  it('tells what is overdue', () => {
    const given = { tools, system: 'Today is 2026-05-10.' };
    assert.deepEqual(demoReply(conversationOf('What is overdue?', given)).toolCalls, [
      { name: 'tasks_list', arguments: { dueBefore: '2026-05-10', status: ['todo', 'in_progress'] } },
    ]);
    const found = JSON.stringify({ items: [{ id: '1', title: 'Pay rent', dueDate: '2026-05-01' }] });
    const { text } = demoReply(
      conversationOf('What is overdue?', { ...given, results: [['tasks_list', found]] }),
    );
    assert.equal(text, '1 overdue task:\n- Pay rent (due 2026-05-01)');
    const none = demoReply(
      conversationOf('What is overdue?', { ...given, results: [['tasks_list', '{"items":[]}']] }),
    );
    assert.equal(none.text, 'Nothing is overdue.');
  });

  it('posts a message', () => {
    assert.deepEqual(demoReply(conversationOf('Post “We ship today” to #general', { tools })).toolCalls, [
      { name: 'slack_post_message', arguments: { channel: '#general', text: 'We ship today' } },
    ]);
  });

  it('summarizes by sentences of the text', () => {
    const text =
      'The invoice system failed on Monday. Invoices of March were sent twice. Lunch was good. ' +
      'The cause was a retry without a key. Invoices now carry a key, so the invoice system sends each once.';
    const summary = say(`Summarize in two sentences:\n\n${text}`);
    assert.equal(summary.split(/(?<=\.)\s/).length, 2);
    for (const sentence of summary.split(/(?<=\.)\s/)) assert.ok(text.includes(sentence));
    assert.match(summary, /invoice system/);
    assert.doesNotMatch(summary, /Lunch/);
  });

  it('reads a text into the fields of a schema', () => {
    const schema = {
      type: 'object',
      properties: {
        customer: { type: 'string' },
        email: { type: 'string', format: 'email' },
        total: { type: 'number' },
        currency: { type: 'string' },
        dueDate: { type: ['string', 'null'], format: 'date' },
        phone: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        priority: { type: 'string', enum: ['low', 'urgent'] },
        items: { type: 'array', items: { type: 'string' } },
      },
      required: ['customer', 'email', 'total', 'currency', 'dueDate', 'phone', 'priority', 'items'],
    };
    const text =
      'Invoice INV-204 from Analytical Engines Ltd.\n- Gears\n- Cards\nTotal: €1,250.50, due 12 March 2026. It is urgent. ' +
      'Questions to billing@engines.example.';
    const { text: json = '' } = demoReply(conversationOf(`Extract the fields.\n\n${text}`, { schema }));
    assert.deepEqual(JSON.parse(json), {
      customer: 'Analytical Engines Ltd.',
      email: 'billing@engines.example',
      total: 1250.5,
      currency: 'EUR',
      dueDate: '2026-03-12',
      phone: null,
      priority: 'urgent',
      items: ['Gears', 'Cards'],
    });
  });

  it('sorts into labels and tells the mood', () => {
    const labels = 'Classify as one of: billing, bug report, feature request\n\n';
    assert.equal(say(`${labels}I was charged twice on my billing statement`), 'billing');
    assert.equal(say(`${labels}I would like to request a feature: dark mode`), 'feature request');
    assert.equal(
      say('What is the sentiment of this?\n\nThe support was great and fast, thanks!'),
      'positive',
    );
    assert.equal(
      say('What is the sentiment of this?\n\nIt does not work and support is terrible.'),
      'negative',
    );
    const schema = {
      type: 'object',
      properties: { sentiment: { enum: ['positive', 'negative', 'neutral'] } },
      required: ['sentiment'],
    };
    assert.equal(say('Text: The meeting is at noon.', schema), '{"sentiment":"neutral"}');
  });

  it('takes no long time over long texts, whatever they repeat', () => {
    const pieces = ['send ', 'task ', 'break ', '<text>', 'total: ', 'Summarize: ', '- ', 'list '];
    const schema = { type: 'object', properties: { total: { type: 'number' }, name: { type: 'string' } } };
    for (const piece of pieces) {
      const began = performance.now();
      say(piece.repeat(30_000));
      say(`Extract.\n\n${piece.repeat(30_000)}`, schema);
      assert.ok(performance.now() - began < 5_000, piece);
    }
  });

  it('breaks a goal down into tasks, as a list or by a schema', () => {
    const goal = 'Break down this goal into tasks: write the handbook, translate it and print it';
    assert.match(
      say(goal),
      /^1\. Agree on what .*\n2\. Write the handbook\n3\. Translate it\n4\. Print it\n/,
    );
    const task = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const schema = {
      type: 'object',
      properties: { tasks: { type: 'array', items: task } },
      required: ['tasks'],
    };
    const { tasks } = JSON.parse(say(goal, schema));
    assert.equal(tasks.length, 6);
    assert.deepEqual(tasks[1], { title: 'Write the handbook' });
  });

  function say(asked: string, schema?: Record<string, unknown>): string {
    return demoReply(conversationOf(asked, schema && { schema })).text ?? '';
  }
});
