import { jsonSize, maxInlineSize } from '#core/automation/packed-value.js';
import type { Progress, StepChange } from '#core/automation/run.js';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import type { Files } from '../files/files.js';
import { queueTurns } from '../limits/queue-turns.js';
import { packValue } from '../packing.js';
import { answerRunWaits } from '../waits/answer-run-waits.js';
import { recordAnswers, recordRunChanges, recordStepChanges } from './record-changes.js';
import { writeRunFailures } from './run-failed.js';

/**
 * Writes states of runs and steps, and an event for each run that failed; answers steps that wait for a run that ended.
 * Returns how much of that joined the dispatcher's queue.
 */
export async function writeProgress(
  files: Files,
  transaction: Transaction,
  progress: Progress,
): Promise<{ queued: number }> {
  const { orgId, automationId, answers = [] } = progress;
  await recordAnswers(transaction, answers);
  const [changed] = await Promise.all([
    recordRunChanges(transaction, progress.runs),
    writeSteps(files, transaction, orgId, progress.steps),
  ]);
  const ids = new Set(changed.map(({ id }) => id));
  const failed = progress.runs.filter(({ runId, status }) => status === 'failed' && ids.has(runId));
  const { queued } = await writeRunFailures(transaction, { orgId, automationId }, failed);
  const awaited = changed.filter(({ isAwaited }) => isAwaited).map(({ id }) => id);
  const turns = await queueTurns(
    transaction,
    orgId,
    changed.flatMap(({ freed }) => freed ?? []),
  );
  return { queued: queued + turns + (await answerRunWaits(transaction, orgId, awaited)) };
}

/** Writes steps that ran inside the workflow; large outputs go to the organization's files. */
export async function writeSteps(
  files: Files,
  transaction: Transaction,
  orgId: string,
  changes: readonly StepChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const store = files(orgId, transaction);
  await recordStepChanges(
    transaction,
    orgId,
    await Promise.all(changes.map((step) => packOutput(store, step))),
  );
}

async function packOutput(store: FileStore, step: StepChange): Promise<StepChange> {
  const { output } = step;
  if (!output || !('inline' in output) || jsonSize(output.inline) <= maxInlineSize) return step;
  return { ...step, output: await packValue(store, output.inline) };
}
