import assert from 'node:assert/strict';
import { AutomationDefinition } from './definition.js';
import { buildGraph, type Graph } from './graph.js';
import { kindOf } from './nodes/index.js';

const set = (id: string) => ({ id, type: 'set', input: { values: {} } });
const join = (id: string, mode: string) => ({ id, type: 'join', input: { mode } });
const check = (id: string) => ({ id, type: 'if', input: { condition: true } });

/** Edges as `a > b`, or `a true> b` for a way out with a name. */
function define(nodes: readonly object[], ...edges: string[]): AutomationDefinition {
  return AutomationDefinition.parse({
    name: 'Test',
    trigger: { type: 'manual' },
    nodes,
    edges: edges.map((edge) => {
      const [, source, sourceHandle, target] = /^(\w+) (\w+)?> (\w+)$/.exec(edge) ?? [];
      return { source, target, ...(sourceHandle && { sourceHandle }) };
    }),
  });
}

function graphOf(nodes: readonly object[], ...edges: string[]): Graph {
  const { graph, issues } = buildGraph(define(nodes, ...edges));
  assert.deepEqual(issues, []);
  assert.ok(graph);
  return graph;
}

function issuesOf(nodes: readonly object[], ...edges: string[]): string[] {
  const { graph, issues } = buildGraph(define(nodes, ...edges));
  assert.equal(graph, undefined);
  return issues.map(({ node = '-', path, message }) => `${node} ${path}: ${message}`);
}

function sorted(ids: Iterable<string> | undefined): string[] {
  return [...(ids ?? [])].sort();
}

describe('buildGraph', () => {
  it('sorts nodes so that each comes after what leads to it', () => {
    const nodes = ['c', 'b', 'a', 'd'].map(set);
    const { order } = graphOf(nodes, 'trigger > a', 'a > b', 'a > c', 'b > d', 'c > d');
    assert.equal(order.length, 4);
    assert.equal(order[0], 'a');
    assert.equal(order.at(-1), 'd');
  });

  it('knows what may, and what surely did, run before a node', () => {
    const nodes = [check('is'), set('yes'), set('no'), join('any', 'any'), set('end')];
    const graph = graphOf(
      nodes,
      'trigger > is',
      'is true> yes',
      'is false> no',
      'yes > any',
      'no > any',
      'any > end',
    );
    assert.deepEqual(sorted(graph.ancestors.get('end')), ['any', 'is', 'no', 'trigger', 'yes']);
    assert.deepEqual(sorted(graph.dominators.get('end')), ['any', 'is', 'trigger']);
    assert.deepEqual(sorted(graph.dominators.get('yes')), ['is', 'trigger']);
  });

  it('knows that everything before a join of all has run', () => {
    const nodes = [set('a'), set('b'), join('both', 'all'), join('one', 'first')];
    const graph = graphOf(nodes, 'trigger > a', 'trigger > b', 'a > both', 'b > both', 'a > one', 'b > one');
    assert.deepEqual(sorted(graph.dominators.get('both')), ['a', 'b', 'trigger']);
    assert.deepEqual(sorted(graph.dominators.get('one')), ['trigger']);
  });

  it('keeps the ways in of each node, by their handles', () => {
    const graph = graphOf([check('is'), set('a')], 'trigger > is', 'is true> a', 'is false> a');
    assert.deepEqual(graph.incoming.get('a'), [
      { source: 'is', handle: 'true' },
      { source: 'is', handle: 'false' },
    ]);
  });

  it('refuses ends that are not there', () => {
    assert.deepEqual(issuesOf([set('a')], 'trigger > a', 'a > ghost', 'spirit > a'), [
      '- edges.1.target: there is no node ghost',
      '- edges.2.source: there is no node spirit',
    ]);
  });

  it('refuses handles that a node does not have, and tells which it has', () => {
    assert.deepEqual(issuesOf([check('is'), set('a')], 'trigger > is', 'is > a', 'is maybe> a'), [
      'is edges.1.sourceHandle: if: its handles are true, false',
      'is edges.2.sourceHandle: if: its handles are true, false',
    ]);
    const stop = { id: 'stop', type: 'stop' };
    assert.deepEqual(issuesOf([stop, set('a')], 'trigger > stop', 'stop > a'), [
      'stop edges.1.sourceHandle: stop: nothing may follow it',
    ]);
  });

  it('refuses a repeated node and a repeated edge', () => {
    assert.deepEqual(issuesOf([set('a'), set('a')], 'trigger > a', 'trigger > a'), [
      'a nodes.1.id: is used by another node',
      'trigger edges.1: repeats another edge',
    ]);
  });

  it('refuses a cycle and shows the way around', () => {
    const nodes = [set('a'), set('b'), set('c'), set('after')];
    const issues = issuesOf(nodes, 'trigger > a', 'a > b', 'b > c', 'c > a', 'c > after');
    assert.equal(issues.length, 1);
    assert.match(issues[0] ?? '', /form a cycle: (a → b → c → a|b → c → a → b|c → a → b → c)/);
    assert.match(issuesOf([set('a')], 'trigger > a', 'a > a')[0] ?? '', /a → a/);
  });

  it('refuses nodes that nothing leads to', () => {
    assert.deepEqual(issuesOf([set('a'), set('alone'), set('next')], 'trigger > a', 'alone > next'), [
      'alone nodes.1.edges: is not reachable from the trigger',
    ]);
  });

  it('takes an automation without nodes', () => {
    assert.deepEqual(graphOf([]).order, []);
  });

  it('sorts a long chain and a wide fan quickly', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `n${index}`);
    const edges = ids.map((id, index) => `${index === 0 ? 'trigger' : ids[index - 1]} > ${id}`);
    assert.deepEqual(graphOf([...ids].reverse().map(set), ...edges).order, ids);
  }).timeout(5_000);
});

describe('the handles of a node', () => {
  it('gives the ways out of each type of node', () => {
    const cases = [{ name: 'bug', when: true }];
    const action = { id: 'a', type: 'action', action: 'tasks.create' };
    const nodes = define([
      check('a'),
      { id: 'b', type: 'switch', input: { cases } },
      { ...action, id: 'c' },
      { ...action, id: 'd', onError: 'branch' },
      { ...action, id: 'e', onError: 'continue' },
      { id: 'f', type: 'stop' },
      join('g', 'all'),
      { id: 'h', type: 'wait', input: { duration: '1s' } },
    ]).nodes;
    assert.deepEqual(
      nodes.map((node) => kindOf(node).handles(node)),
      [
        ['true', 'false'],
        ['bug', 'default'],
        ['default', 'compensate'],
        ['default', 'error', 'compensate'],
        ['default', 'compensate'],
        [],
        ['default'],
        ['default'],
      ],
    );
  });
});
