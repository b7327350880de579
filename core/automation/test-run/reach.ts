import { bodyHandle } from '../loops.js';
import type { Incoming, PlanNode } from '../plan.js';
import type { StepData } from './step-data.js';

/** Which steps the given data leads to. */
export interface Reach {
  isReached(id: string): boolean;
}

/**
 * Follows data through nodes in topological order. A step without data may have been left by any way, so what follows it
 * counts as reached; so does what follows a node that is not among these.
 */
export function createReach(nodes: readonly PlanNode[], data: ReadonlyMap<string, StepData>): Reach {
  const known = new Set(nodes.map(({ id }) => id));
  const reached = new Set<string>();
  const isTaken = ({ source, handle }: Incoming): boolean => {
    if (!known.has(source)) return true;
    const way = data.get(source)?.way;
    return reached.has(source) && (way === undefined || way === handle || isInto(handle));
  };
  for (const node of nodes) {
    const ways = node.incoming.map(isTaken);
    const needsAll = node.type === 'join' && node.mode === 'all';
    if (needsAll ? ways.every(Boolean) : ways.some(Boolean)) reached.add(node.id);
  }
  return { isReached: (id) => reached.has(id) };
}

/** The way into a body is taken while the loop is at work, whatever it is left by. */
function isInto(handle: string): boolean {
  return handle === bodyHandle;
}
