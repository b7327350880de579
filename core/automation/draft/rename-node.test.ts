import assert from 'node:assert/strict';
import { Draft } from './draft.js';
import { problemOfId, renameNode } from './rename-node.js';
import { renameSteps } from './rename-steps.js';

const draft = Draft.parse({
  nodes: [
    { id: 'task', type: 'set', input: { values: {} } },
    {
      id: 'tell',
      type: 'if',
      note: 'steps.task is not an expression here',
      input: { condition: '{{ steps.task.output.ok && steps.tasks.output.ok }}' },
    },
  ],
  edges: [
    { source: 'trigger', target: 'task' },
    { source: 'task', sourceHandle: 'error', target: 'tell' },
  ],
  layout: { nodes: { task: { x: 1, y: 2 } }, notes: [] },
  pinned: { trigger: { a: 1 }, steps: { task: { ok: true } } },
});

describe('renaming a step', () => {
  it('renames it in edges, expressions, layout and pinned data, and nothing else', () => {
    const renamed = renameNode(draft, 'task', 'ticket');
    assert.deepEqual(
      renamed.nodes.map(({ id }) => id),
      ['ticket', 'tell'],
    );
    assert.deepEqual(renamed.nodes[1]?.input, {
      condition: '{{ steps.ticket.output.ok && steps.tasks.output.ok }}',
    });
    assert.equal(renamed.nodes[1]?.note, 'steps.task is not an expression here');
    assert.deepEqual(renamed.edges, [
      { source: 'trigger', target: 'ticket' },
      { source: 'ticket', sourceHandle: 'error', target: 'tell' },
    ]);
    assert.deepEqual(renamed.layout, { nodes: { ticket: { x: 1, y: 2 } }, notes: [] });
    assert.deepEqual(renamed.pinned, { trigger: { a: 1 }, steps: { ticket: { ok: true } } });
    assert.equal(draft.nodes[0]?.id, 'task');
  });

  for (const [text, expected] of [
    ['{{ steps["task"].output }}', '{{ steps["ticket"].output }}'],
    ["{{ steps['task'].output }}", "{{ steps['ticket'].output }}"],
    ['{{ steps.?task.output }}', '{{ steps.?ticket.output }}'],
    ['{{steps . task.output}}', '{{steps . ticket.output}}'],
    [
      'a {{ steps.task.a }} b {{ steps.task.b }} steps.task',
      'a {{ steps.ticket.a }} b {{ steps.ticket.b }} steps.task',
    ],
    ["{{ 'steps.task' + steps.task.a }}", "{{ 'steps.task' + steps.ticket.a }}"],
    ['{{ "it\'s \\" steps.task" }}', '{{ "it\'s \\" steps.task" }}'],
    ['{{ trigger.steps.task }}', '{{ trigger.steps.task }}'],
    ['{{ mysteps.task }}', '{{ mysteps.task }}'],
    ["{{ {'}}': steps.task.a} }}", "{{ {'}}': steps.ticket.a} }}"],
    ['{{ steps.task', '{{ steps.task'],
    ['steps.task', 'steps.task'],
  ]) {
    it(`makes ${expected} of ${text}`, () => {
      assert.deepEqual(renameSteps([{ text }], new Map([['task', 'ticket']])), [{ text: expected }]);
    });
  }

  it('refuses names that the format does not take, and names of other steps', () => {
    for (const [wanted, problem] of [
      ['Task 2', /must start with a letter/],
      ['trigger', /name of the trigger/],
      ['tell', /name of another step/],
      ['', /must start with a letter/],
    ] as const) {
      assert.match(problemOfId(draft, 'task', wanted) ?? '', problem);
      assert.equal(renameNode(draft, 'task', wanted), draft);
    }
    assert.equal(problemOfId(draft, 'task', 'task'), undefined);
    assert.equal(renameNode(draft, 'task', 'task'), draft);
    assert.equal(renameNode(draft, 'nobody', 'somebody'), draft);
    assert.equal(renameNode(draft, 'trigger', 'somebody'), draft);
  });
});
