import { Context } from '@temporalio/activity';
import type { PackedValue } from '#core/automation/packed-value.js';
import { toErrorRecord } from '#core/errors.js';
import { project } from '#core/expression/paths.js';
import type { Caller } from '#runtime/caller.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { queueTurns } from '#runtime/limits/queue-turns.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { packValue, unpackValue } from '#runtime/packing.js';
import type { Perform } from '#runtime/perform/perform.js';
import { type PerformedStep, recordStep } from '#runtime/runs/record-step.js';
import { writeSteps } from '#runtime/runs/write-progress.js';
import type { Services } from '#runtime/services.js';
import { answerRunWaits } from '#runtime/waits/answer-run-waits.js';
import type { ActionStep } from './automation-activities.js';
import { isFinalError, toFailure } from './failure.js';

/** How often a long call tells the engine that it is alive, and hears whether it was cancelled. */
const heartbeatMs = 5_000;

/** Performs an action step through the one door. Its record is written in the action's own transaction. */
export function createPerformAction(services: Services, perform: Perform) {
  return async (step: ActionStep): Promise<PackedValue> => {
    const context = Context.current();
    const attempt = { ...identityOf(step), attempts: context.info.attempt, startedAt: new Date(), queued: 0 };
    const heartbeat = context.info.isLocal ? undefined : setInterval(() => context.heartbeat(), heartbeatMs);
    try {
      return await performStep(services, perform, step, attempt, context.cancellationSignal);
    } catch (error) {
      const isFinal = isFinalError(error, attempt.attempts, step.maxAttempts);
      await services.database.withOrg(step.orgId, (transaction) =>
        recordStep(transaction, {
          ...attempt,
          status: isFinal ? 'failed' : 'running',
          error: toErrorRecord(error),
          endsRun: false,
        }),
      );
      services.logger.warn(
        { err: error, orgId: step.orgId, runId: step.runId, node: step.nodeId, attempt: attempt.attempts },
        'An action step failed',
      );
      throw toFailure(error, isFinal);
    } finally {
      clearInterval(heartbeat);
      wakeViews(services, step);
      if (attempt.queued > 0) services.hub.publish(dispatchChannel, { type: 'run', id: step.runId });
    }
  };
}

function wakeViews({ hub }: Services, { orgId, automationId, runId, nodeId, ending }: ActionStep): void {
  hub.publish(hubTopic.run(orgId, runId), ending ? { type: 'run', id: runId } : { type: 'step', id: nodeId });
  if (ending) hub.publish(hubTopic.runs(orgId), { type: 'runs', id: automationId });
}

type Attempt = Omit<PerformedStep, 'status' | 'endsRun'> & {
  /** What the dispatcher has to be woken for. */
  queued: number;
};

async function performStep(
  services: Services,
  perform: Perform,
  step: ActionStep,
  attempt: Attempt,
  cancelled: AbortSignal,
): Promise<PackedValue> {
  const { orgId, runId, nodeId, iteration, call } = step;
  const output = await perform(
    callerOf(step),
    step.action,
    await unpackValue(services.files(orgId), step.input),
    {
      idempotencyKey: `${runId}:${nodeId}:${iteration}${call === undefined ? '' : `:${call}`}`,
      signal: cancelled,
      timeoutMs: step.timeoutMs,
      ...(step.connection !== undefined && { connectionId: step.connection }),
      alsoRecord: async (transaction, outcome) => {
        const files = services.files(orgId, transaction);
        const input = await packValue(files, outcome.input);
        if (call !== undefined) {
          await recordStep(transaction, { ...attempt, status: 'running', endsRun: false, input });
          return;
        }
        const output = await packValue(files, outcome.output);
        const endsRun = step.ending !== null;
        const succeeded = { ...attempt, status: 'succeeded' as const, endsRun, input, output };
        const [ended] = await Promise.all([
          recordStep(transaction, succeeded),
          writeSteps(services.files, transaction, orgId, step.ending ?? []),
        ]);
        if (ended.freed) attempt.queued += await queueTurns(transaction, orgId, [ended.freed]);
        if (ended.wasAwaited) attempt.queued += await answerRunWaits(transaction, orgId, [runId]);
      },
    },
  );
  return packValue(services.files(orgId), project(output, step.keep));
}

function callerOf({ orgId, automationId, grantId, runId, depth, nodeId, iteration }: ActionStep): Caller {
  const step = { nodeId, iteration };
  return { kind: 'automation', orgId, automationId, grantId, runId, depth, step };
}

function identityOf({ orgId, runId, nodeId, iteration }: ActionStep) {
  return { orgId, runId, nodeId, iteration };
}
