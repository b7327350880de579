import { defaultHandle, type PlanNode } from './plan.js';

/** Most actions that one activity carries out after its own. */
const maxLength = 9;

/** Of each local action among these nodes: the local actions that surely follow it, in their order. */
export function chainsAmong(nodes: readonly PlanNode[]): ReadonlyMap<string, readonly string[]> {
  const locals = new Set(nodes.filter(isLocalAction).map(({ id }) => id));
  for (const node of nodes) if (node.type === 'join') for (const id of node.losers) locals.delete(id);
  const chains = new Map<string, readonly string[]>();
  for (const { id } of [...nodes].reverse()) {
    if (!locals.has(id)) continue;
    const next = soleFollower(nodes, id);
    const isChained = next !== undefined && locals.has(next);
    chains.set(id, isChained ? [next, ...(chains.get(next) ?? [])].slice(0, maxLength) : []);
  }
  return chains;
}

function isLocalAction(node: PlanNode): boolean {
  return node.type === 'action' && node.isLocal;
}

/** The one node that starts when this one succeeds, if it starts for no other reason. */
function soleFollower(nodes: readonly PlanNode[], id: string): string | undefined {
  const [first, ...others] = nodes.filter((node) =>
    node.incoming.some(({ source, handle }) => source === id && handle === defaultHandle),
  );
  return first?.incoming.length === 1 && others.length === 0 ? first.id : undefined;
}
