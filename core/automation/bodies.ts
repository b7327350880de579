import { bodyHandle, doneHandle } from './loops.js';
import { type AutomationNode, kindOf } from './nodes/index.js';
import type { Incoming } from './plan.js';

type Nodes = ReadonlyMap<string, AutomationNode>;
type AllIncoming = ReadonlyMap<string, readonly Incoming[]>;

/** The nodes in the body of each loop: what is reached by its `body` way. Bodies of inner loops are parts of the outer. */
export function findBodies(
  nodes: Nodes,
  incoming: AllIncoming,
  order: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const bodies = new Map<string, Set<string>>();
  for (const [id, node] of nodes) {
    if (!kindOf(node).hasBody) continue;
    const body = new Set<string>();
    for (const candidate of order) {
      const isInside = (incoming.get(candidate) ?? []).some(
        ({ source, handle }) => body.has(source) || (source === id && handle === bodyHandle),
      );
      if (isInside) body.add(candidate);
    }
    bodies.set(id, body);
  }
  return bodies;
}

/** What is wrong with bodies: none at all, or ways into one from outside. */
export function bodyIssues(
  nodes: Nodes,
  incoming: AllIncoming,
  bodies: ReadonlyMap<string, ReadonlySet<string>>,
): { node: string; message: string }[] {
  return [...bodies].flatMap(([loop, body]) => {
    if (body.size === 0) return [{ node: loop, message: 'nothing follows its handle body' }];
    return [...body].flatMap((id) =>
      (incoming.get(id) ?? [])
        .filter(({ source, handle }) => !(body.has(source) || (source === loop && handle === bodyHandle)))
        .map(({ source, handle }) => ({
          node: id,
          message:
            source === loop && handle === doneHandle
              ? `is in the body of ${loop}, and cannot follow its handle done as well`
              : `is in the body of ${loop}, and cannot be reached from ${nodes.has(source) ? source : 'the trigger'} outside of it`,
        })),
    );
  });
}
