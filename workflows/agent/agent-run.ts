import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AgentActivities } from '#activities/agent-activities.js';
import { agentWakeSignal } from '#core/agents/run.js';

type RunPlace = Parameters<AgentActivities['nextAgentMove']>[0];
type AgentMove = Awaited<ReturnType<AgentActivities['nextAgentMove']>>;

/** How long a workflow stays for a conversation that goes on; after it, the next word begins a new one. */
const idleMs = 10 * 60_000;
/** Longest without a look, should a moment be missed. */
const longestWaitMs = 60 * 60_000;

const retry = { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 30_000 };

const { nextAgentMove, runAgentTool: runLocally } = proxyLocalActivities<AgentActivities>({
  startToCloseTimeout: 30_000,
  localRetryThreshold: 10_000,
  retry,
});

const { runAgentTool: runRemotely } = proxyActivities<AgentActivities>({
  startToCloseTimeout: 15 * 60_000,
  heartbeatTimeout: 12_000,
  retry,
});

/** The call of a model is cancelled at its provider, so its end is waited for. */
const { askAgentModel } = proxyActivities<AgentActivities>({
  startToCloseTimeout: 10 * 60_000,
  heartbeatTimeout: 12_000,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry,
});

/**
 * The run of an agent: asks the database what is next, and has it done, until there is nothing more. It keeps nothing itself, so
 * that it may end or go on as a new one at any time; news wake it, or begin it anew.
 */
export async function agentRun(place: RunPlace): Promise<void> {
  let wakes = 0;
  setHandler(defineSignal(agentWakeSignal), () => {
    wakes += 1;
  });
  for (;;) {
    const seen = wakes;
    const move = await nextAgentMove(place);
    if (move.kind === 'end') {
      if (!(await condition(() => wakes !== seen, idleMs))) return;
    } else if (move.kind === 'wait') await condition(() => wakes !== seen, waitMs(move.until));
    else await whileWanted(place, move, () => wakes);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof agentRun>(place);
  }
}

function waitMs(until: number | null): number {
  return until === null ? longestWaitMs : Math.max(1, Math.min(longestWaitMs, until - Date.now()));
}

async function carryOut(
  place: RunPlace,
  move: Extract<AgentMove, { kind: 'model' | 'tools' }>,
): Promise<void> {
  if (move.kind === 'model') await askAgentModel({ ...place, step: move.step, isLast: move.isLast });
  else
    await Promise.all(
      move.steps.map(({ number, isLocal }) =>
        (isLocal ? runLocally : runRemotely)({ ...place, step: number }),
      ),
    );
}

/**
 * Has work done; where news meanwhile end the run, it is cancelled, and so is a call of the model where they halt it. What fails for good has been written down by the activity, and
 * whoever looks next decides.
 */
async function whileWanted(
  place: RunPlace,
  move: Extract<AgentMove, { kind: 'model' | 'tools' }>,
  countWakes: () => number,
): Promise<void> {
  const scope = new CancellationScope();
  let isDone = false;
  const done = scope
    .run(() => carryOut(place, move))
    .catch((error: unknown) => {
      if (!isCancellation(error) && !isFailureOfActivity(error)) throw error;
    })
    .finally(() => {
      isDone = true;
    });
  while (!isDone) {
    const seen = countWakes();
    await condition(() => isDone || countWakes() !== seen);
    if (isDone) break;
    const { kind } = await nextAgentMove(place);
    if (kind === 'end' || (kind === 'wait' && move.kind === 'model')) scope.cancel();
  }
  await done;
}

function isFailureOfActivity(error: unknown): boolean {
  return error instanceof Error && error.name === 'ActivityFailure';
}
