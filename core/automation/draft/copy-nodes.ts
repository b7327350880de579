import { z } from 'zod';
import { type Draft, DraftEdge, DraftNode } from './draft.js';
import { freeId } from './edit-draft.js';
import { renameSteps } from './rename-steps.js';

/** Nodes on their way from one automation to another, as JSON on the clipboard. */
export const CopiedNodes = z.strictObject({
  format: z.literal('worksynapse.nodes'),
  nodes: z.array(DraftNode).min(1).max(500),
  edges: z.array(DraftEdge).max(2_000),
});

export type CopiedNodes = z.output<typeof CopiedNodes>;

/** These nodes with the edges among them; undefined if none of them is there. */
export function copyNodes({ nodes, edges }: Draft, ids: readonly string[]): CopiedNodes | undefined {
  const copied = nodes.filter(({ id }) => ids.includes(id));
  if (copied.length === 0) return undefined;
  const isCopied = (id: string) => copied.some((node) => node.id === id);
  return {
    format: 'worksynapse.nodes',
    nodes: copied,
    edges: edges.filter(({ source, target }) => isCopied(source) && isCopied(target)),
  };
}

/**
 * Adds copied nodes under names that are free, so that what they say of each other in expressions holds. Gives the ids
 * that they got.
 */
export function pasteNodes(draft: Draft, copied: CopiedNodes): { draft: Draft; ids: readonly string[] } {
  const taken = new Set(draft.nodes.map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { id } of copied.nodes) {
    const name = freeId(taken, id);
    names.set(id, name);
    taken.add(name);
  }
  const nameOf = (id: string) => names.get(id) ?? id;
  const nodes = copied.nodes.map((node) => ({
    ...(renameSteps(node, names) as DraftNode),
    id: nameOf(node.id),
  }));
  const edges = copied.edges.map((edge) => ({
    ...edge,
    source: nameOf(edge.source),
    target: nameOf(edge.target),
  }));
  return {
    draft: { ...draft, nodes: [...draft.nodes, ...nodes], edges: [...draft.edges, ...edges] },
    ids: nodes.map(({ id }) => id),
  };
}
