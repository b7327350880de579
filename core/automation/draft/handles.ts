import { bodyHandle, doneHandle } from '../loops.js';
import { type AutomationNode, kindOf, nodeKinds } from '../nodes/index.js';
import { compensateHandle, defaultHandle } from '../plan.js';
import type { DraftEdge, DraftNode } from './draft.js';

/** The handles by which edges may leave a node, also where its fields are not whole. Those of the trigger if it is undefined. */
export function handlesOf(node: DraftNode | undefined): readonly string[] {
  if (!node || !Object.hasOwn(nodeKinds, node.type)) return [defaultHandle];
  try {
    // Fields that are not whole are what the catch is for.
    const unfinished = node as unknown as AutomationNode;
    return kindOf(unfinished).handles(unfinished);
  } catch {
    return [defaultHandle];
  }
}

/** The way that an edge goes. */
export function handleOf({ sourceHandle }: DraftEdge): string {
  return sourceHandle ?? defaultHandle;
}

/** The way by which things go on behind a node that is put into an edge; undefined where nothing may follow. */
export function onwardHandle(node: DraftNode): string | undefined {
  const handles = handlesOf(node).filter((handle) => handle !== compensateHandle && handle !== 'error');
  return handles.includes(doneHandle) ? doneHandle : handles.find((handle) => handle !== bodyHandle);
}
