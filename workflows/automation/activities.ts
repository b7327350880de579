import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { AutomationActivities } from '#activities/automation-activities.js';
import type { Plan, PlanNode } from '#core/automation/plan.js';
import { portionsOf } from '#core/automation/portions.js';
import type { Progress } from '#core/automation/run.js';
import { tracked } from './leaving.js';
import { inRound } from './local-rounds.js';

/** How long past an action's own time limit its worker may stay silent before another attempt is made. */
const graceMs = 30_000;

/** Bookkeeping is retried until the database is back; no run is lost to an outage. */
const patient: LocalActivityOptions = {
  startToCloseTimeout: 30_000,
  retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 10_000 },
};

const local = proxyLocalActivities<AutomationActivities>(patient);
/** A worker that dies leaves one unfinished until its time is up. */
const regular = proxyActivities<AutomationActivities>({ ...patient, startToCloseTimeout: 10_000 });

// State of one workflow: each workflow evaluates this module anew.
let usesLocal = true;

/** What a plan says of local activities holds for everything that its runs do from here on. */
export function useActivitiesOf(plan: Plan): void {
  usesLocal = plan.usesLocalActivities;
}

const recordPortion = bookkeeping('recordProgress');
export const loadPlan = bookkeeping('loadPlan');
export const evaluate = bookkeeping('evaluate');
export const storeValue = bookkeeping('storeValue');
export const readItems = bookkeeping('readItems');
export const joinValues = bookkeeping('joinValues');
export const composeLoopOutput = bookkeeping('composeLoopOutput');
export const readSettled = bookkeeping('readSettled');
export const openWait = bookkeeping('openWait');
export const noticeApproval = bookkeeping('noticeApproval');
export const openRunWait = bookkeeping('openRunWait');
export const closeWait = bookkeeping('closeWait');

/** Writes what has happened, in its order. */
export async function recordProgress(progress: Progress): Promise<void> {
  for (const portion of areArgumentsKept() ? portionsOf(progress) : [progress]) await recordPortion(portion);
}

/** Whether what an activity is given stays in the workflow's history: not if it is a local one. */
export function areArgumentsKept(): boolean {
  return !usesLocal;
}

function bookkeeping<Name extends keyof AutomationActivities>(name: Name): AutomationActivities[Name] {
  type Call = (input: never) => Promise<unknown>;
  const call: Call = (input) =>
    tracked(() => (usesLocal ? inRound(() => (local[name] as Call)(input)) : (regular[name] as Call)(input)));
  // What goes in and comes out is that of the activity of this name.
  return call as AutomationActivities[Name];
}

type ActionNode = Extract<PlanNode, { type: 'action' }>;

/** Performs an action node: as a local activity if it is a short transaction of ours, else as a regular one. */
export function performActionOf(
  node: Pick<ActionNode, 'isLocal' | 'retry' | 'timeoutMs'>,
): AutomationActivities['performAction'] {
  // The activity itself tells which error is final, so that an outage does not use up the node's attempts.
  const retry = {
    initialInterval: node.retry.backoffMs,
    backoffCoefficient: 2,
    maximumInterval: Math.max(node.retry.maxBackoffMs, node.retry.backoffMs),
  };
  const options: ActivityOptions & LocalActivityOptions = {
    startToCloseTimeout: node.timeoutMs + graceMs,
    retry,
  };
  if (!node.isLocal) {
    const calling = proxyActivities<AutomationActivities>({ ...options, heartbeatTimeout: graceMs });
    return (step) => tracked(() => calling.performAction(step));
  }
  const { performAction } = proxyLocalActivities<AutomationActivities>(options);
  return (step) => tracked(() => inRound(() => performAction(step)));
}
