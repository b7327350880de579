import assert from 'node:assert/strict';
import { z } from 'zod';
import { draftOfStep, nodesOfDraft } from './draft-of-step.js';

const edge = (source: string, target: string, sourceHandle?: string) =>
  sourceHandle === undefined ? { source, target } : { source, target, sourceHandle };
const node = (id: string, type = 'set') => ({ id, type });
const draft = {
  name: 'Test',
  trigger: { type: 'manual' },
  nodes: [
    node('a'),
    node('beside'),
    node('each', 'loop'),
    node('x'),
    node('y'),
    node('b'),
    node('c'),
    { id: 'half' },
  ],
  edges: [
    edge('trigger', 'a'),
    edge('trigger', 'beside'),
    edge('a', 'each'),
    edge('each', 'x', 'body'),
    edge('x', 'y'),
    edge('each', 'b', 'done'),
    edge('b', 'c'),
    edge('c', 'half'),
  ],
  settings: { timeout: '1m', onFailure: 'somebody' },
  pinned: { trigger: { v: 1 }, steps: { a: 1, c: 2, nobody: 3 } },
};
const Part = z.looseObject({ edges: z.array(z.looseObject({ source: z.string(), target: z.string() })) });
const keptFor = (step: string) => [...nodesOfDraft(draftOfStep(draft, step))];

describe('the part of a draft that a step needs', () => {
  it('is the step and what stands before it', () => {
    assert.deepEqual(keptFor('a'), ['a']);
    assert.deepEqual(keptFor('beside'), ['beside']);
  });

  it('has loops with the whole of their bodies, whether the step is in one, is one, or follows one', () => {
    assert.deepEqual(keptFor('x'), ['a', 'each', 'x', 'y']);
    assert.deepEqual(keptFor('each'), ['a', 'each', 'x', 'y']);
    assert.deepEqual(keptFor('b'), ['a', 'each', 'x', 'y', 'b']);
  });

  it('has the edges between them, and of pinned data only what belongs to them or to nothing', () => {
    const part = Part.parse(draftOfStep(draft, 'a'));
    assert.deepEqual(part.edges, [edge('trigger', 'a')]);
    assert.deepEqual(part.pinned, { trigger: { v: 1 }, steps: { a: 1, nobody: 3 } });
    assert.deepEqual(part.settings, { timeout: '1m' });
  });

  it('is the draft itself where that can not be read or has no such step', () => {
    assert.equal(draftOfStep(draft, 'nobody'), draft);
    for (const broken of [null, 'text', {}, { nodes: [1], edges: [] }]) {
      assert.equal(draftOfStep(broken, 'a'), broken);
      assert.equal(nodesOfDraft(broken).size, 0);
    }
  });
});
