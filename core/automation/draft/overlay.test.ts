import assert from 'node:assert/strict';
import { Draft } from './draft.js';
import { overlay } from './overlay.js';

const node = (id: string, input = {}) => ({ id, type: 'set', input });

describe('two definitions over each other', () => {
  const before = Draft.parse({
    nodes: [node('kept'), node('gone'), node('other')],
    edges: [
      { source: 'trigger', target: 'kept' },
      { source: 'kept', target: 'gone' },
      { source: 'kept', sourceHandle: 'error', target: 'other' },
    ],
  });
  const after = Draft.parse({
    nodes: [node('kept'), node('other', { a: 1 }), node('new')],
    edges: [
      { source: 'trigger', sourceHandle: 'default', target: 'kept' },
      { source: 'kept', target: 'new' },
      { source: 'kept', target: 'other' },
    ],
  });

  it('show what came, what went and what is another now', () => {
    const { definition, nodes, edges } = overlay(before, after, ['other', 'gone', 'trigger']);
    assert.deepEqual(
      definition.nodes.map(({ id }) => id),
      ['kept', 'other', 'new', 'gone'],
    );
    assert.deepEqual(nodes, { other: 'changed', trigger: 'changed', new: 'added', gone: 'removed' });
    assert.deepEqual(edges, {
      '["kept","default","new"]': 'added',
      '["kept","default","other"]': 'added',
      '["kept","default","gone"]': 'removed',
      '["kept","error","other"]': 'removed',
    });
    assert.equal(definition.edges.length, 5);
  });

  it('show nothing where nothing is different', () => {
    assert.deepEqual(overlay(before, before, []), { definition: before, nodes: {}, edges: {} });
  });
});
