import { type AutomationNode, kindOf } from './nodes/index.js';
import { compensateHandle, type Incoming } from './plan.js';

/** Types of node that have no sense while a run is being given up, though they take no time. */
const pointless = new Set(['stop', 'respond', 'join']);

type AllIncoming = ReadonlyMap<string, readonly Incoming[]>;

/** For each step that can be undone, the nodes that do so: what is reached by its way `compensate`. */
export function findCompensations(
  incoming: AllIncoming,
  order: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const compensations = new Map<string, Set<string>>();
  const ownerOf = new Map<string, string>();
  for (const id of order) {
    for (const { source, handle } of incoming.get(id) ?? []) {
      const owner = handle === compensateHandle ? source : ownerOf.get(source);
      if (owner === undefined) continue;
      ownerOf.set(id, owner);
      compensations.set(owner, (compensations.get(owner) ?? new Set()).add(id));
    }
  }
  return compensations;
}

/** What is wrong with compensations: ways into one from elsewhere, and what can't be done in one. */
export function compensationIssues(
  nodes: ReadonlyMap<string, AutomationNode>,
  incoming: AllIncoming,
  compensations: ReadonlyMap<string, ReadonlySet<string>>,
  loopsAround: ReadonlyMap<string, readonly string[]>,
): { node: string; message: string }[] {
  const all = new Set([...compensations.values()].flatMap((ids) => [...ids]));
  return [...compensations].flatMap(([owner, ids]) => {
    if (all.has(owner)) return [{ node: owner, message: 'undoes a step, and can not be undone itself' }];
    if ((loopsAround.get(owner) ?? []).length > 0)
      return [{ node: owner, message: 'is in the body of a loop, and can not be undone' }];
    return [...ids].flatMap((id) => {
      const node = nodes.get(id);
      const strange = (incoming.get(id) ?? []).find(
        ({ source, handle }) => !(ids.has(source) || (source === owner && handle === compensateHandle)),
      );
      if (strange)
        return [{ node: id, message: `undoes ${owner}, and can not follow ${strange.source} as well` }];
      if (node && (kindOf(node).isHeavy || pointless.has(node.type)))
        return [{ node: id, message: `undoes ${owner}, where a node of type ${node.type} has no place` }];
      return [];
    });
  });
}
