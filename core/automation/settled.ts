import { doneHandle } from './loops.js';
import { isReference } from './packed-value.js';
import { defaultHandle, type PlanNode } from './plan.js';
import type { SettledStep } from './run.js';

/**
 * True if a step with this status needs not be done again when its run is tried again: it succeeded, or it failed and
 * the run went on from there.
 */
export function isSettled(node: PlanNode, status: string): boolean {
  if (status === 'succeeded') return node.type !== 'stop';
  return status === 'failed' && 'onError' in node && node.onError !== 'fail';
}

/** The handle by which a settled step was left; null if nothing follows from it. */
export function wayOf(node: PlanNode, { status, output }: SettledStep): string | null {
  if (status === 'skipped' || status === 'cancelled') return null;
  if (status === 'failed') return 'onError' in node && node.onError === 'branch' ? 'error' : defaultHandle;
  if (node.type === 'approval') {
    const decision = fieldOf(output, 'decision');
    return typeof decision === 'string' ? decision : 'timeout';
  }
  if (node.type === 'wait' && node.event !== undefined && fieldOf(output, 'id') === undefined)
    return 'timeout';
  if (node.type === 'if') return String(fieldOf(output, 'result'));
  if (node.type === 'switch') return String(fieldOf(output, 'case'));
  if (node.type === 'loop' || node.type === 'while') return doneHandle;
  return defaultHandle;
}

function fieldOf(output: SettledStep['output'], field: string): unknown {
  if (isReference(output) || typeof output.inline !== 'object' || output.inline === null) return undefined;
  return Reflect.get(output.inline, field);
}
