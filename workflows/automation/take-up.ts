import type { SettledPage } from '#activities/automation-activities.js';
import { everyNode, type Plan } from '#core/automation/plan.js';
import type { Iteration, RunGroup, RunStart, SettledStep } from '#core/automation/run.js';
import { isSettled } from '#core/automation/settled.js';
import { readSettled } from './activities.js';
import type { RunState } from './run-state.js';

/** Steps by their node. */
export type SettledSteps = ReadonlyMap<string, SettledStep>;

/** What earlier attempts of a run have settled outside of loops, or this one before its workflow went on as a new one. */
export async function readEarlier(group: RunGroup, plan: Plan, start: RunStart): Promise<SettledSteps> {
  if (start.left) return settledIn(group, plan, { runId: start.runId, iteration: '', isContinued: true });
  if ((start.attempt ?? 1) === 1) return new Map();
  return settledIn(group, plan, { runId: start.runId, iteration: '', isContinued: false });
}

/** What a pass of a loop had settled before the workflow went on as a new one. */
export function settledInPass({ group, plan, start }: RunState, iteration: Iteration): Promise<SettledSteps> {
  return settledIn(group, plan, { runId: start.runId, iteration, isContinued: true });
}

async function settledIn(
  { orgId }: RunGroup,
  plan: Plan,
  place: { runId: string; iteration: Iteration; isContinued: boolean },
): Promise<SettledSteps> {
  const settled = new Map<string, SettledStep>();
  const nodes = new Map(everyNode(plan).map((node) => [node.id, node]));
  let after: string | null = null;
  for (;;) {
    const { steps, isLast }: SettledPage = await readSettled({ orgId, ...place, after });
    for (const step of steps) {
      const node = nodes.get(step.nodeId);
      const isDone = step.status === 'skipped' || step.status === 'cancelled';
      if (node && (isDone || isSettled(node, step.status))) settled.set(step.nodeId, step);
    }
    after = steps.at(-1)?.nodeId ?? after;
    if (isLast) return settled;
  }
}
