import type { PackedValue } from '#core/automation/packed-value.js';
import { project } from '#core/expression/paths.js';
import type { Caller } from '#runtime/caller.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { packValue, unpackValue } from '#runtime/packing.js';
import type { CallBeginning, Perform } from '#runtime/perform/perform.js';
import { recordStepChanges } from '#runtime/runs/record-changes.js';
import { type PerformedStep, recordStep } from '#runtime/runs/record-step.js';
import { packSteps } from '#runtime/runs/write-progress.js';
import type { Services } from '#runtime/services.js';
import { answerRunWaits } from '#runtime/waits/answer-run-waits.js';
import type { ActionStep } from './automation-activities.js';

export interface StepAttempt {
  /** Which one it is, from 1. */
  attempts: number;
  startedAt: Date;
  signal: AbortSignal;
}

/**
 * Performs one action step; its record is written in the action's own transaction. Returns what the run needs of the
 * output. A failure is recorded nowhere.
 */
export async function performStep(
  services: Services,
  perform: Perform,
  step: ActionStep,
  { signal, ...attempt }: StepAttempt,
): Promise<PackedValue> {
  const { orgId, runId, attempt: runAttempt = 1, nodeId, iteration, call } = step;
  const identity = { orgId, runId, runAttempt, nodeId, iteration, ...attempt };
  let queued = 0;
  try {
    const input = await unpackValue(services.files(orgId), step.input);
    const output = await perform(callerOf(step), step.action, input, {
      idempotencyKey: `${runId}:${nodeId}:${iteration}${call === undefined ? '' : `:${call}`}`,
      signal,
      timeoutMs: step.timeoutMs,
      ...(step.connection !== undefined && { connectionId: step.connection }),
      // Later attempts are shown by the error of the one before.
      ...(attempt.attempts === 1 && { beginning: beginningOf(services, step, identity) }),
      alsoRecord: async (transaction, outcome) => {
        // That of the output was asked when it was kept under the step's key.
        const files = services.files(orgId, transaction).withoutQuota;
        const input = await packValue(files, outcome.input);
        if (call !== undefined) {
          await recordStep(transaction, { ...identity, status: 'running', endsRun: false, input });
          return;
        }
        const output = await packValue(files, outcome.output);
        const endsRun = step.ending !== null;
        const steps = await packSteps(files, step.ending ?? []);
        const [, ended] = await Promise.all([
          // Sent before the end of the run: what comes after it is not written any more.
          recordStepChanges(transaction, { orgId, attempt: runAttempt }, steps),
          recordStep(transaction, { ...identity, status: 'succeeded', endsRun, input, output }),
        ]);
        queued += ended.queued;
        if (ended.wasAwaited) queued += await answerRunWaits(transaction, orgId, [runId]);
      },
    });
    return await packValue(services.files(orgId).withoutQuota, project(output, step.keep));
  } finally {
    wakeViews(services, step);
    if (queued > 0) services.hub.publish(dispatchChannel, { type: 'run', id: runId });
  }
}

function beginningOf(
  services: Services,
  step: ActionStep,
  identity: Omit<PerformedStep, 'status' | 'endsRun'>,
): CallBeginning {
  return {
    note: async (transaction) => {
      await recordStep(transaction, { ...identity, status: 'running', endsRun: false });
    },
    noted: () => wakeViews(services, { ...step, ending: null }),
  };
}

function wakeViews({ hub }: Services, { orgId, automationId, runId, nodeId, ending }: ActionStep): void {
  hub.publish(hubTopic.run(orgId, runId), ending ? { type: 'run', id: runId } : { type: 'step', id: nodeId });
  if (ending) hub.publish(hubTopic.runs(orgId), { type: 'runs', id: automationId });
}

function callerOf(step: ActionStep): Caller {
  const { orgId, automationId, grantId, runId, depth, nodeId, iteration, attempt = 1 } = step;
  const place = { nodeId, iteration };
  return { kind: 'automation', orgId, automationId, grantId, runId, attempt, depth, step: place };
}
