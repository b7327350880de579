import { Context } from '@temporalio/activity';
import { toErrorRecord } from '#core/errors.js';
import type { Perform } from '#runtime/perform/perform.js';
import { recordStep } from '#runtime/runs/record-step.js';
import type { Services } from '#runtime/services.js';
import type { ActionStep, PerformedAction } from './automation-activities.js';
import { isFinalError, toFailure } from './failure.js';
import { performAhead } from './perform-ahead.js';
import { performStep, type StepAttempt } from './perform-step.js';
import { heartbeatMs } from './while-beating.js';

/** Performs an action step through the one door, and then what surely follows it. */
export function createPerformAction(services: Services, perform: Perform) {
  const performOne = (step: ActionStep, attempt: StepAttempt) =>
    performStep(services, perform, step, attempt);

  return async (step: ActionStep): Promise<PerformedAction> => {
    const context = Context.current();
    const { info, cancellationSignal: signal } = context;
    const beat = info.isLocal ? undefined : setInterval(() => context.heartbeat(), heartbeatMs);
    const attempt = { attempts: info.attempt, startedAt: new Date(), signal };
    const { ahead, ...own } = step;
    try {
      const output = await performOne(ahead ? { ...own, ending: null } : own, attempt);
      const next = (follower: ActionStep) =>
        performOne(follower, { attempts: 1, startedAt: new Date(), signal });
      return { output, ahead: await performAhead(step, output, { signal, performNext: next }) };
    } catch (error) {
      const isFinal = isFinalError(error, attempt.attempts, step.maxAttempts);
      await recordFailure(services, step, attempt, { error, isFinal });
      throw toFailure(error, isFinal);
    } finally {
      clearInterval(beat);
    }
  };
}

async function recordFailure(
  { database, logger }: Services,
  { orgId, runId, attempt: runAttempt = 1, nodeId, iteration }: ActionStep,
  { attempts, startedAt }: StepAttempt,
  { error, isFinal }: { error: unknown; isFinal: boolean },
): Promise<void> {
  const status = isFinal ? 'failed' : 'running';
  const step = { orgId, runId, runAttempt, nodeId, iteration, status, attempts, startedAt } as const;
  await database.withOrg(orgId, (transaction) =>
    recordStep(transaction, { ...step, error: toErrorRecord(error), endsRun: false }),
  );
  logger.warn({ err: error, orgId, runId, node: nodeId, attempt: attempts }, 'An action step failed');
}
