import { nodeId } from '../nodes/node-fields.js';
import { type Draft, DraftNode, triggerId } from './draft.js';
import { renameSteps } from './rename-steps.js';

/** Why a node can't be called so, in words that follow the name; undefined if it can. */
export function problemOfId(draft: Draft, id: string, wanted: string): string | undefined {
  const parsed = nodeId.safeParse(wanted);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  if (wanted !== id && draft.nodes.some((node) => node.id === wanted)) return 'is the name of another step';
  return undefined;
}

/**
 * The same with another id for a node, wherever it is named: edges, expressions, its place and its pinned data. An id that
 * can't be, or a node that is not there, changes nothing.
 */
export function renameNode(draft: Draft, id: string, wanted: string): Draft {
  const isKnown = id !== triggerId && draft.nodes.some((node) => node.id === id);
  if (id === wanted || !isKnown || problemOfId(draft, id, wanted) !== undefined) return draft;
  const nameOf = (entry: string) => (entry === id ? wanted : entry);
  const names = new Map([[id, wanted]]);
  const { nodes: places } = draft.layout;
  return {
    ...draft,
    nodes: draft.nodes.map((node) => ({
      ...DraftNode.parse(renameSteps(node, names)),
      id: nameOf(node.id),
    })),
    edges: draft.edges.map((edge) => ({
      ...edge,
      source: nameOf(edge.source),
      target: nameOf(edge.target),
    })),
    ...(places !== undefined && { layout: { ...draft.layout, nodes: withKey(places, nameOf) } }),
    ...(draft.pinned?.steps && {
      pinned: { ...draft.pinned, steps: withKey(draft.pinned.steps, nameOf) },
    }),
  };
}

function withKey(value: unknown, nameOf: (key: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value)).map(([key, entry]) => [nameOf(key), entry]));
}
