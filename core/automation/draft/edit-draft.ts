import { defaultHandle } from '../plan.js';
import { type Draft, type DraftEdge, type DraftNode, triggerId } from './draft.js';
import { handleOf, onwardHandle } from './handles.js';

/** Where a node shall stand: after a way out, and in front of `target` if the edge there is named. */
export interface Place {
  source: string;
  handle: string;
  target?: string;
}

/** An edge by its ends. */
export type Connection = Required<Place>;

/** A node more. In an edge it is put between, unless nothing may follow it: then it stands beside. */
export function addNode(draft: Draft, node: DraftNode, place?: Place): Draft {
  const added = { ...draft, nodes: [...draft.nodes, node] };
  if (!place) return added;
  const { source, handle, target } = place;
  const onward = onwardHandle(node);
  if (target === undefined || onward === undefined)
    return connect(added, { source, handle, target: node.id });
  return {
    ...added,
    edges: draft.edges.flatMap((edge) =>
      isAt(edge, { source, handle, target })
        ? [edgeOf({ source, handle, target: node.id }), edgeOf({ source: node.id, handle: onward, target })]
        : [edge],
    ),
  };
}

/** An edge more, unless it can't be. */
export function connect(draft: Draft, connection: Connection): Draft {
  if (!canConnect(draft, connection)) return draft;
  return { ...draft, edges: [...draft.edges, edgeOf(connection)] };
}

export function disconnect(draft: Draft, connection: Connection): Draft {
  return { ...draft, edges: draft.edges.filter((edge) => !isAt(edge, connection)) };
}

/** False for ends that are not there, an edge that is there already, and one that would make a cycle. */
export function canConnect({ nodes, edges }: Draft, connection: Connection): boolean {
  const { source, target } = connection;
  const ids = new Set(nodes.map(({ id }) => id));
  if (!ids.has(target) || !(source === triggerId || ids.has(source))) return false;
  return !edges.some((edge) => isAt(edge, connection)) && !reaches(edges, target, source);
}

/**
 * Without these nodes, their edges and what is kept of them. Where one had a single way on, what led to it leads to what
 * followed it.
 */
export function removeNodes(draft: Draft, ids: readonly string[]): Draft {
  return ids.filter((id) => id !== triggerId).reduce(removeNode, draft);
}

/** The same with another value for fields of a node; a field that is undefined is taken out. */
export function changeNode(draft: Draft, id: string, fields: Readonly<Record<string, unknown>>): Draft {
  return {
    ...draft,
    nodes: draft.nodes.map((node) => (node.id === id ? withFields(node, fields) : node)),
  };
}

/** The same with another value for fields of the trigger. */
export function changeTrigger(draft: Draft, fields: Readonly<Record<string, unknown>>): Draft {
  return { ...draft, trigger: withFields(draft.trigger, fields) };
}

/** Keeps where people have put nodes. */
export function placeNodes(
  draft: Draft,
  nodes: Readonly<Record<string, { x: number; y: number }>> | undefined,
): Draft {
  const { nodes: _, ...layout } = draft.layout;
  return { ...draft, layout: nodes ? { ...layout, nodes } : layout };
}

/** A name for a node that none has: `task`, `task_2`, … */
export function freeId(taken: Iterable<string>, wanted: string): string {
  const known = new Set([...taken, triggerId]);
  const words = wanted.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const base = words.replace(/^[^a-z]+|_+$/g, '').slice(0, 50) || 'step';
  if (!known.has(base)) return base;
  let number = 2;
  while (known.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** Ids from the trigger on, each after those that lead to it; what nothing leads to comes last. */
export function orderOf({ nodes, edges }: Pick<Draft, 'nodes' | 'edges'>): readonly string[] {
  const left = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { target } of edges) left.set(target, (left.get(target) ?? 0) + 1);
  const order: string[] = [];
  const visit = (id: string) => {
    order.push(id);
    for (const { source, target } of edges) {
      if (source !== id || !left.has(target)) continue;
      const count = (left.get(target) ?? 0) - 1;
      left.set(target, count);
      if (count === 0 && !order.includes(target)) visit(target);
    }
  };
  visit(triggerId);
  const rest = nodes.map(({ id }) => id).filter((id) => !order.includes(id));
  return [...order.slice(1), ...rest];
}

function removeNode(draft: Draft, id: string): Draft {
  const into = draft.edges.filter(({ target }) => target === id);
  const out = draft.edges.filter(({ source }) => source === id);
  const { [id]: _position, ...positions } = Object(draft.layout.nodes ?? {});
  const { [id]: _output, ...steps } = draft.pinned?.steps ?? {};
  const without: Draft = {
    ...draft,
    nodes: draft.nodes.filter((node) => node.id !== id),
    edges: draft.edges.filter(({ source, target }) => source !== id && target !== id),
    ...(draft.layout.nodes !== undefined && { layout: { ...draft.layout, nodes: positions } }),
    ...(draft.pinned?.steps && { pinned: { ...draft.pinned, steps } }),
  };
  const [next] = out;
  if (!next || out.length > 1) return without;
  return into.reduce(
    (joined, edge) => connect(joined, { source: edge.source, handle: handleOf(edge), target: next.target }),
    without,
  );
}

function edgeOf({ source, handle, target }: Connection): DraftEdge {
  return { source, ...(handle !== defaultHandle && { sourceHandle: handle }), target };
}

function isAt(edge: DraftEdge, { source, handle, target }: Connection): boolean {
  return edge.source === source && edge.target === target && handleOf(edge) === handle;
}

function reaches(edges: readonly DraftEdge[], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const { source, target } of edges) if (source === id) seen.add(target);
  }
  return false;
}

/** The same object with other fields; what is undefined is taken out. */
function withFields<Whole extends object>(whole: Whole, fields: Readonly<Record<string, unknown>>): Whole {
  const changed = { ...whole, ...fields };
  for (const [name, value] of Object.entries(fields))
    if (value === undefined) Reflect.deleteProperty(changed, name);
  return changed;
}
