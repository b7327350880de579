import { type PlanNode, withBodies } from '../plan.js';

/** Loops whose bodies a node is in, innermost first. */
export function loopsAround(nodes: readonly PlanNode[], id: string): string[] {
  for (const node of nodes) {
    const body = bodyOf(node);
    if (body.some((inner) => inner.id === id)) return [node.id];
    const inner = loopsAround(body, id);
    if (inner.length > 0) return [...inner, node.id];
  }
  return [];
}

/** Ids of the nodes that come after a step, as far as they are in the same list. */
export function followersOf(nodes: readonly PlanNode[], step: string): Set<string> {
  const found = new Set<string>();
  for (const { id, incoming } of nodes) {
    if (incoming.some(({ source }) => source === step || found.has(source))) found.add(id);
  }
  return found;
}

/** The nodes right in a node's body; none where it has no body. */
export function bodyOf(node: PlanNode | undefined): readonly PlanNode[] {
  return node && 'body' in node ? node.body : [];
}

/** Names that a node and the nodes in its body read, without those that its body has of its own. */
export function namesReadIn(node: PlanNode): string[] {
  if (!('body' in node)) return [...node.reads];
  const own = new Set([node.id, ...withBodies(node.body).map(({ id }) => id)].map((id) => `steps.${id}`));
  const inside = [...node.bodyReads, ...node.body.flatMap(namesReadIn)];
  // A `while` has no item of its own: one that is read in it is that of a loop around it.
  const ofPass = node.type === 'loop' ? ['item', 'index'] : ['index'];
  const fromOutside = inside.filter((name) => !ofPass.includes(name) && !own.has(name));
  return [...new Set([...node.reads, ...fromOutside])];
}

/** Ids of the steps among names that templates start from. */
export function stepsAmong(names: readonly string[]): string[] {
  return names.flatMap((name) => (name.startsWith('steps.') ? [name.slice('steps.'.length)] : []));
}
