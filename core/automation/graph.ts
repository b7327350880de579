import type { ErrorIssue } from '../errors.js';
import { bodyIssues, findBodies } from './bodies.js';
import { compensationIssues, findCompensations } from './compensations.js';
import type { AutomationDefinition } from './definition.js';
import { NodeSet } from './node-set.js';
import { type AutomationNode, kindOf } from './nodes/index.js';
import { defaultHandle, type Incoming } from './plan.js';

/** The graph of an automation, looked at from each node. */
export interface Graph {
  nodes: ReadonlyMap<string, AutomationNode>;
  incoming: ReadonlyMap<string, readonly Incoming[]>;
  /** Topological. */
  order: readonly string[];
  /** For each node, every node that may run before it. */
  ancestors: ReadonlyMap<string, NodeSet>;
  /** For each node, every node that surely ran before it. */
  dominators: ReadonlyMap<string, NodeSet>;
  /** For each node in the body of a loop, the loops around it, innermost first. */
  loopsAround: ReadonlyMap<string, readonly string[]>;
  /** For each step that can be undone, the nodes that do so. */
  compensations: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Builds the graph, or tells what is wrong: unknown ends, wrong handles, duplicates, cycles, unreachable nodes. */
export function buildGraph(definition: AutomationDefinition): {
  graph: Graph | undefined;
  issues: ErrorIssue[];
} {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const issues = [...duplicateNodes(definition), ...edgeIssues(definition, nodes)];
  if (issues.length > 0) return { graph: undefined, issues };

  const incoming = new Map<string, Incoming[]>(definition.nodes.map((node) => [node.id, []]));
  for (const edge of definition.edges) {
    incoming.get(edge.target)?.push({ source: edge.source, handle: edge.sourceHandle ?? defaultHandle });
  }
  const order = sortTopologically(incoming);
  const unsorted = definition.nodes.filter((node) => !order.includes(node.id));
  const orphans = definition.nodes.filter((node) => incoming.get(node.id)?.length === 0);
  issues.push(
    ...cycleIssues(unsorted, incoming),
    ...orphans.map((node) => nodeIssue(definition, node.id, 'edges', 'is not reachable from the trigger')),
  );
  if (issues.length > 0) return { graph: undefined, issues };
  const bodies = findBodies(nodes, incoming, order);
  issues.push(
    ...bodyIssues(nodes, incoming, bodies).map(({ node, message }) =>
      nodeIssue(definition, node, 'edges', message),
    ),
  );
  if (issues.length > 0) return { graph: undefined, issues };
  const loops = order.filter((id) => bodies.has(id)).reverse();
  const loopsAround = new Map(order.map((id) => [id, loops.filter((loop) => bodies.get(loop)?.has(id))]));
  const compensations = findCompensations(incoming, order);
  issues.push(
    ...compensationIssues(nodes, incoming, compensations, loopsAround).map(({ node, message }) =>
      nodeIssue(definition, node, 'edges', message),
    ),
  );
  if (issues.length > 0) return { graph: undefined, issues };
  const found = { nodes, incoming, order, loopsAround, compensations };
  return { graph: { ...found, ...precedence(order, incoming, nodes) }, issues };
}

/** An issue that points at a node: its path in the definition, and its id. */
export function nodeIssue(
  definition: AutomationDefinition,
  id: string,
  field: string,
  message: string,
): ErrorIssue {
  const index = definition.nodes.findIndex((node) => node.id === id);
  return { node: id, path: `nodes.${index}.${field}`, message };
}

function duplicateNodes(definition: AutomationDefinition): ErrorIssue[] {
  const seen = new Set<string>();
  const issues: ErrorIssue[] = [];
  for (const [index, { id }] of definition.nodes.entries()) {
    if (seen.has(id))
      issues.push({ node: id, path: `nodes.${index}.id`, message: 'is used by another node' });
    seen.add(id);
  }
  return issues;
}

function edgeIssues(
  definition: AutomationDefinition,
  nodes: ReadonlyMap<string, AutomationNode>,
): ErrorIssue[] {
  const seen = new Set<string>();
  return definition.edges.flatMap((edge, index) => {
    const path = `edges.${index}`;
    const source = nodes.get(edge.source);
    const key = JSON.stringify([edge.source, edge.sourceHandle ?? defaultHandle, edge.target]);
    if (seen.has(key)) return [{ node: edge.source, path, message: 'repeats another edge' }];
    seen.add(key);
    if (!nodes.has(edge.target))
      return [{ path: `${path}.target`, message: `there is no node ${edge.target}` }];
    if (edge.source === 'trigger') return [];
    if (!source) return [{ path: `${path}.source`, message: `there is no node ${edge.source}` }];
    const handles = kindOf(source).handles(source);
    if (handles.includes(edge.sourceHandle ?? defaultHandle)) return [];
    const known = handles.length > 0 ? `its handles are ${handles.join(', ')}` : 'nothing may follow it';
    return [{ node: edge.source, path: `${path}.sourceHandle`, message: `${source.type}: ${known}` }];
  });
}

/** Layer by layer: a node comes as soon as everything before it has come. */
function sortTopologically(incoming: ReadonlyMap<string, readonly Incoming[]>): string[] {
  const missing = new Map([...incoming].map(([id, edges]) => [id, edges.length]));
  const followers = new Map<string, string[]>();
  for (const [id, edges] of incoming) {
    for (const { source } of edges) followers.set(source, [...(followers.get(source) ?? []), id]);
  }
  const order: string[] = [];
  let layer = ['trigger', ...[...missing].filter(([, count]) => count === 0).map(([id]) => id)];
  while (layer.length > 0) {
    const next: string[] = [];
    for (const follower of layer.flatMap((id) => followers.get(id) ?? [])) {
      const count = (missing.get(follower) ?? 0) - 1;
      missing.set(follower, count);
      if (count === 0) next.push(follower);
    }
    order.push(...layer);
    layer = next;
  }
  return order.filter((id) => id !== 'trigger');
}

function cycleIssues(
  unsorted: readonly AutomationNode[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
): ErrorIssue[] {
  const start = unsorted[0];
  if (!start) return [];
  const left = new Set(unsorted.map((node) => node.id));
  const walk: string[] = [];
  let current: string | undefined = start.id;
  // Every unsorted node has an unsorted predecessor, so walking backwards must meet a node again.
  while (current !== undefined && !walk.includes(current)) {
    walk.push(current);
    current = incoming.get(current)?.find(({ source }) => left.has(source))?.source;
  }
  const cycle = walk.slice(walk.indexOf(current ?? '')).reverse();
  const [first = start.id] = cycle;
  return [{ node: first, path: 'edges', message: `form a cycle: ${[...cycle, first].join(' → ')}` }];
}

function precedence(
  order: readonly string[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
  nodes: ReadonlyMap<string, AutomationNode>,
) {
  const none = NodeSet.over(['trigger', ...order]);
  const ancestors = new Map([['trigger', none]]);
  const dominators = new Map([['trigger', none]]);
  for (const id of order) {
    const sources = [...new Set((incoming.get(id) ?? []).map(({ source }) => source))];
    const before = sources.map((source) => (ancestors.get(source) ?? none).with(source));
    const surely = sources.map((source) => (dominators.get(source) ?? none).with(source));
    const node = nodes.get(id);
    const needsAll = node?.type === 'join' && node.input.mode === 'all';
    ancestors.set(id, merged(before, none));
    dominators.set(id, needsAll ? merged(surely, none) : common(surely, none));
  }
  return { ancestors, dominators };
}

function merged(sets: readonly NodeSet[], none: NodeSet): NodeSet {
  return sets.reduce((all, set) => all.union(set), none);
}

function common([first, ...rest]: readonly NodeSet[], none: NodeSet): NodeSet {
  return rest.reduce((all, set) => all.intersection(set), first ?? none);
}
