import assert from 'node:assert/strict';
import { copyNodes, pasteNodes } from './copy-nodes.js';
import { Draft } from './draft.js';
import { historyOf, record, redo, undo } from './draft-history.js';
import {
  addNode,
  canConnect,
  changeNode,
  connect,
  disconnect,
  freeId,
  orderOf,
  placeNodes,
  removeNodes,
} from './edit-draft.js';

const node = (id: string, type = 'set', more: object = {}) => ({ id, type, input: {}, ...more });

/** trigger → a → b; a is a step like any other. */
const draft = Draft.parse({
  nodes: [
    node('a'),
    node('b', 'set', { input: { values: { x: '{{ steps.a.output.y + steps.z.output }}' } } }),
  ],
  edges: [
    { source: 'trigger', target: 'a' },
    { source: 'a', target: 'b' },
  ],
});
const edgesOf = ({ edges }: Draft) =>
  edges.map(
    ({ source, sourceHandle, target }) => `${source}${sourceHandle ? `.${sourceHandle}` : ''}>${target}`,
  );

describe('editing a draft', () => {
  it('puts a node into an edge, or behind a way that is open', () => {
    const into = { source: 'a', handle: 'default', target: 'b' };
    assert.deepEqual(edgesOf(addNode(draft, node('c'), into)), ['trigger>a', 'a>c', 'c>b']);
    assert.deepEqual(edgesOf(addNode(draft, node('c'), { source: 'b', handle: 'default' })), [
      'trigger>a',
      'a>b',
      'b>c',
    ]);
    assert.deepEqual(edgesOf(addNode(draft, node('c'))), ['trigger>a', 'a>b']);
  });

  it('goes on by the first branch of an if, when a loop is done, and not behind a stop', () => {
    const into = { source: 'a', handle: 'default', target: 'b' };
    assert.deepEqual(edgesOf(addNode(draft, node('c', 'if'), into)).slice(1), ['a>c', 'c.true>b']);
    assert.deepEqual(edgesOf(addNode(draft, node('c', 'loop'), into)).slice(1), ['a>c', 'c.done>b']);
    assert.deepEqual(edgesOf(addNode(draft, node('c', 'approval'), into)).slice(1), ['a>c', 'c.approved>b']);
    assert.deepEqual(edgesOf(addNode(draft, node('c', 'stop'), into)).slice(1), ['a>b', 'a>c']);
  });

  it('makes no cycle, no edge twice, and none to what is not there', () => {
    const may = (source: string, target: string, handle = 'default') =>
      canConnect(draft, { source, handle, target });
    assert.ok(may('trigger', 'b') && may('a', 'b', 'error'));
    assert.ok(!may('a', 'b') && !may('b', 'a') && !may('a', 'a') && !may('a', 'c') && !may('c', 'a'));
    assert.ok(!may('b', 'trigger'));
    assert.equal(connect(draft, { source: 'b', handle: 'default', target: 'a' }), draft);
    assert.deepEqual(edgesOf(disconnect(draft, { source: 'a', handle: 'default', target: 'b' })), [
      'trigger>a',
    ]);
  });

  it('closes the gap that a node leaves, and forgets its place and its pinned data', () => {
    const kept = { ...placeNodes(draft, { a: { x: 1, y: 2 } }), pinned: { steps: { a: 1, b: 2 } } };
    const without = removeNodes(kept, ['a', 'trigger']);
    assert.deepEqual(edgesOf(without), ['trigger>b']);
    assert.deepEqual(without.layout, { nodes: {} });
    assert.deepEqual(without.pinned, { steps: { b: 2 } });
    assert.deepEqual(edgesOf(removeNodes(draft, ['a', 'b'])), []);
    const branching = addNode(draft, node('c'), { source: 'a', handle: 'default' });
    assert.deepEqual(edgesOf(removeNodes(branching, ['a'])), []);
  });

  it('changes fields, takes out what is undefined, and leaves the draft before as it was', () => {
    const named = changeNode(draft, 'a', { name: 'First', note: 'x' });
    assert.deepEqual(named.nodes[0], node('a', 'set', { name: 'First', note: 'x' }));
    assert.deepEqual(
      changeNode(named, 'a', { note: undefined }).nodes[0],
      node('a', 'set', { name: 'First' }),
    );
    assert.deepEqual(draft.nodes[0], node('a'));
  });

  it('names nodes as the format wants it, and none twice', () => {
    assert.equal(freeId([], 'Create task'), 'create_task');
    assert.equal(freeId(['task', 'task_2'], 'Task!'), 'task_3');
    assert.equal(freeId([], '99 problems'), 'problems');
    assert.equal(freeId([], 'trigger'), 'trigger_2');
    assert.equal(freeId([], '…'), 'step');
  });

  it('orders nodes after those that lead to them, and what nothing leads to last', () => {
    const joined = Draft.parse({
      nodes: [node('lost'), node('end'), node('left'), node('right'), node('top')],
      edges: [
        { source: 'trigger', target: 'top' },
        { source: 'top', target: 'left' },
        { source: 'top', target: 'right' },
        { source: 'left', target: 'end' },
        { source: 'right', target: 'end' },
      ],
    });
    assert.deepEqual(orderOf(joined), ['top', 'left', 'right', 'end', 'lost']);
    const circular = { ...draft, edges: [...draft.edges, { source: 'b', target: 'a' }] };
    assert.deepEqual(orderOf(circular), ['a', 'b']);
  });

  it('copies nodes with what they say of each other, under names that are free', () => {
    const copied = copyNodes(draft, ['a', 'b', 'trigger']);
    assert.ok(copied);
    const { draft: pasted, ids } = pasteNodes(draft, copied);
    assert.deepEqual(ids, ['a_2', 'b_2']);
    assert.deepEqual(edgesOf(pasted), ['trigger>a', 'a>b', 'a_2>b_2']);
    assert.deepEqual(pasted.nodes[3]?.input, {
      values: { x: '{{ steps.a_2.output.y + steps.z.output }}' },
    });
    assert.equal(copyNodes(draft, ['trigger']), undefined);
  });

  it('takes changes back and makes them again; those of one field together', () => {
    const typed = ['F', 'Fi', 'Fir'].reduce(
      (history, name) => record(history, changeNode(history.present, 'a', { name }), 'a.name'),
      historyOf(draft),
    );
    const moved = record(typed, placeNodes(typed.present, { a: { x: 0, y: 0 } }));
    assert.equal(undo(moved).present, typed.present);
    assert.equal(undo(undo(moved)).present, draft);
    assert.equal(undo(undo(undo(moved))).present, draft);
    assert.equal(redo(redo(undo(undo(moved)))).present, moved.present);
    const other = record(undo(moved), draft);
    assert.equal(redo(other), other);
    assert.equal(record(other, other.present), other);
  });
});
