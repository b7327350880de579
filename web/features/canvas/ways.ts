import { type DraftEdge, type DraftNode, triggerId } from '#core/automation/draft/draft.js';
import { handlesOf } from '#core/automation/draft/handles.js';
import { compensateHandle, defaultHandle } from '#core/automation/plan.js';

/** A way out of a node. */
export interface Way {
  handle: string;
  /** What it says of when it is gone; undefined for the one way that needs no word. */
  label: string | undefined;
}

const labels: Readonly<Record<string, string>> = {
  true: 'Yes',
  false: 'No',
  body: 'For each',
  done: 'When done',
  error: 'On error',
  timeout: 'Timed out',
  approved: 'Approved',
  rejected: 'Rejected',
  [compensateHandle]: 'To undo',
};

/** Every way by which edges may leave a node, also where its fields are not whole. Those of the trigger if it is undefined. */
export function waysOf(node: DraftNode | undefined): readonly Way[] {
  return handlesOf(node).map((handle) => ({ handle, label: labelOf(node?.type, handle) }));
}

/** The ways that are shown: undoing a step is rare, and shown where it is used only. */
export function shownWays(node: DraftNode | undefined, edges: readonly DraftEdge[]): readonly Way[] {
  const id = node?.id ?? triggerId;
  return waysOf(node).filter(
    ({ handle }) =>
      handle !== compensateHandle ||
      edges.some(({ source, sourceHandle }) => source === id && sourceHandle === handle),
  );
}

function labelOf(type: string | undefined, handle: string): string | undefined {
  if (handle === defaultHandle) return type === 'switch' ? 'Otherwise' : undefined;
  if (type === 'while' && handle === 'body') return 'While it holds';
  return labels[handle] ?? handle;
}
