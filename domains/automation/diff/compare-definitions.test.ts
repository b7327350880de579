import assert from 'node:assert/strict';
import { AutomationDefinition } from '#core/automation/definition.js';
import { compareDefinitions } from './compare-definitions.js';

const note = (text: string, more: object = {}) => ({
  id: 'note',
  type: 'set',
  input: { values: { text } },
  ...more,
});
const base = {
  name: 'Test',
  trigger: { type: 'manual' },
  nodes: [note('a'), { id: 'end', type: 'stop' }],
  edges: [
    { source: 'trigger', target: 'note' },
    { source: 'note', target: 'end' },
  ],
};
const unchanged = {
  isChanged: false,
  nodes: { added: [], removed: [], changed: [] },
  edges: { added: [], removed: [] },
  name: [],
  trigger: [],
  settings: [],
  other: [],
  layoutChanges: 0,
};

describe('the difference of two definitions', () => {
  it('is nothing between a draft and what is published of it', () => {
    assert.deepEqual(compareDefinitions(base, AutomationDefinition.parse(base)), unchanged);
  });

  it('is nothing when nodes, edges and fields stand in another order', () => {
    const { name, trigger, nodes, edges } = base;
    const turned = { edges: edges.toReversed(), nodes: nodes.toReversed(), trigger, name };
    assert.deepEqual(compareDefinitions(base, turned), unchanged);
  });

  it('counts a moved box apart', () => {
    const at = (x: number) => ({ ...base, layout: { note: { x, y: 1 } } });
    assert.deepEqual(compareDefinitions(at(1), at(2)), { ...unchanged, layoutChanges: 1 });
  });

  it('names what was added, removed and changed, with values before and after', () => {
    const next = {
      ...base,
      name: 'Other',
      trigger: { type: 'webhook' },
      settings: { timeout: '5m' },
      nodes: [note('b', { name: 'Note' }), { id: 'pause', type: 'wait', input: { duration: '1h' } }],
      edges: [
        { source: 'trigger', target: 'note' },
        { source: 'note', sourceHandle: 'default', target: 'pause' },
      ],
    };
    assert.deepEqual(compareDefinitions(base, next), {
      isChanged: true,
      nodes: {
        added: [{ id: 'pause', type: 'wait' }],
        removed: [{ id: 'end', type: 'stop' }],
        changed: [
          {
            id: 'note',
            type: 'set',
            name: 'Note',
            changes: [
              { path: 'input.values.text', before: 'a', after: 'b' },
              { path: 'name', after: 'Note' },
            ],
          },
        ],
      },
      edges: {
        added: [{ source: 'note', target: 'pause' }],
        removed: [{ source: 'note', target: 'end' }],
      },
      name: [{ path: '', before: 'Test', after: 'Other' }],
      trigger: [{ path: 'type', before: 'manual', after: 'webhook' }],
      settings: [{ path: 'timeout', after: '5m' }],
      other: [],
      layoutChanges: 0,
    });
  });

  it('takes a change of handle for another edge', () => {
    const edge = { source: 'note', sourceHandle: 'error', target: 'end' };
    const { edges } = compareDefinitions(base, { ...base, edges: [base.edges[0], edge] });
    assert.deepEqual(edges, { added: [edge], removed: [base.edges[1]] });
  });

  it('copes with drafts that are no definitions yet', () => {
    const { isChanged, nodes, other, trigger } = compareDefinitions(
      { nodes: 'later', idea: 1 },
      { nodes: [{ type: 'set' }, 7, { id: 'a' }, { id: 'a', type: 'stop' }], trigger: {} },
    );
    assert.equal(isChanged, true);
    assert.deepEqual(nodes.added, [
      { id: '#0', type: 'set' },
      { id: '#1' },
      { id: 'a' },
      { id: '#3', type: 'stop' },
    ]);
    assert.deepEqual(other, [
      { path: 'idea', before: 1 },
      { path: 'nodes', before: 'later' },
    ]);
    assert.deepEqual(trigger, [{ path: '', after: {} }]);
    assert.deepEqual(compareDefinitions({}, {}), unchanged);
  });
});
