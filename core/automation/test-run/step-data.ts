import type { ErrorRecord } from '../../errors.js';
import type { AutomationNode } from '../nodes/index.js';
import { kindOf } from '../nodes/index.js';
import type { PackedValue } from '../packed-value.js';
import type { PlanNode } from '../plan.js';
import { wayOf } from '../settled.js';

/** What a step gives in a test run instead of being performed. */
export interface StepData {
  status: 'succeeded' | 'failed';
  output: PackedValue;
  error: ErrorRecord | null;
  /** The handle by which it is left. */
  way: string;
}

/**
 * The handle by which a step would be left with this output; undefined where it has no such way: the output is not what
 * the step gives, or nothing can follow it.
 */
export function wayWith(
  node: PlanNode,
  defined: AutomationNode,
  outcome: Pick<StepData, 'status' | 'output' | 'error'>,
): string | undefined {
  const way = wayOf(node, { nodeId: node.id, startedAt: 0, ...outcome });
  return way !== null && kindOf(defined).handles(defined).includes(way) ? way : undefined;
}
