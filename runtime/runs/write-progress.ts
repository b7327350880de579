import { jsonSize, maxInlineSize } from '#core/automation/packed-value.js';
import type { Progress, StepChange } from '#core/automation/run.js';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import type { Files } from '../files/files.js';
import { queueTurns } from '../limits/queue-turns.js';
import type { MailServices } from '../mail/write-mails.js';
import { packValue } from '../packing.js';
import { answerRunWaits } from '../waits/answer-run-waits.js';
import { writeFailureNotice } from './failure-notice.js';
import { recordAnswers, recordRunChanges, recordStepChanges } from './record-changes.js';
import { writeRunFailures } from './run-failed.js';

/**
 * Writes states of runs and steps, an event for each run that failed, and what its owner is told; answers steps that
 * wait for a run that ended. Of a run that was terminated, or has been taken up again as a later attempt, nothing is written.
 * Returns how much of that joined the dispatcher's queue.
 */
export async function writeProgress(
  services: MailServices & { files: Files },
  transaction: Transaction,
  progress: Progress,
): Promise<{ queued: number }> {
  const { orgId, automationId, answers = [], attempt = 1 } = progress;
  await recordAnswers(transaction, answers, attempt);
  const steps = await packSteps(services.files(orgId, transaction).withoutQuota, progress.steps);
  const [, changed] = await Promise.all([
    // Sent before the ends of runs: what comes after them is not written any more.
    recordStepChanges(transaction, { orgId, attempt }, steps),
    recordRunChanges(transaction, progress.runs, attempt),
  ]);
  const ids = new Set(changed.map(({ id }) => id));
  const failed = progress.runs.filter(({ runId, status }) => status === 'failed' && ids.has(runId));
  const { queued } = await writeRunFailures(transaction, { orgId, automationId }, failed);
  const told = await writeFailureNotice(services, transaction, orgId, failed);
  const awaited = changed.filter(({ isAwaited }) => isAwaited).map(({ id }) => id);
  const turns = await queueTurns(
    transaction,
    orgId,
    changed.flatMap(({ freed }) => freed ?? []),
  );
  const answered = await answerRunWaits(transaction, orgId, awaited);
  return { queued: queued + told.queued + turns + answered };
}

/** Steps as they are written: large outputs go to the organization's files. */
export async function packSteps(store: FileStore, changes: readonly StepChange[]): Promise<StepChange[]> {
  return Promise.all(changes.map((step) => packOutput(store, step)));
}

async function packOutput(store: FileStore, step: StepChange): Promise<StepChange> {
  const { output } = step;
  if (!output || !('inline' in output) || jsonSize(output.inline) <= maxInlineSize) return step;
  return { ...step, output: await packValue(store, output.inline) };
}
