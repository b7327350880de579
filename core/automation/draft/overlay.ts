import { type Draft, type DraftEdge, triggerId } from './draft.js';
import { handleOf } from './handles.js';

/** How something of the later definition differs from the earlier one. */
export type Difference = 'added' | 'removed' | 'changed';

/** Two definitions as one graph, with what is different in it. */
export interface Overlay {
  definition: Draft;
  /** By id; the trigger's is `trigger`. What is the same is not there. */
  nodes: Readonly<Record<string, Difference>>;
  /** By `edgeKey`. */
  edges: Readonly<Record<string, Difference>>;
}

/** What tells edges apart: their ends and the way between. */
export function edgeKey(edge: DraftEdge): string {
  return JSON.stringify([edge.source, handleOf(edge), edge.target]);
}

/**
 * Lays the earlier definition under the later one, so that what is gone is still there to be seen. `changed` are the ids of
 * nodes, or `trigger`, that are in both and not the same.
 */
export function overlay(before: Draft, after: Draft, changed: readonly string[]): Overlay {
  const ids = (draft: Draft) => new Set([triggerId, ...draft.nodes.map(({ id }) => id)]);
  const [old, next] = [ids(before), ids(after)];
  const [oldEdges, nextEdges] = [before, after].map(({ edges }) => new Set(edges.map(edgeKey))) as [
    Set<string>,
    Set<string>,
  ];
  const gone = before.nodes.filter(({ id }) => !next.has(id));
  const goneEdges = before.edges.filter((edge) => !nextEdges.has(edgeKey(edge)));
  return {
    definition: {
      ...after,
      nodes: [...after.nodes, ...gone],
      edges: [...after.edges, ...goneEdges],
    },
    nodes: {
      ...differences(
        changed.filter((id) => old.has(id) && next.has(id)),
        'changed',
      ),
      ...differences(
        [...next].filter((id) => !old.has(id)),
        'added',
      ),
      ...differences(
        gone.map(({ id }) => id),
        'removed',
      ),
    },
    edges: {
      ...differences(
        [...nextEdges].filter((key) => !oldEdges.has(key)),
        'added',
      ),
      ...differences(goneEdges.map(edgeKey), 'removed'),
    },
  };
}

function differences(keys: readonly string[], difference: Difference): Record<string, Difference> {
  return Object.fromEntries(keys.map((key) => [key, difference]));
}
