import { condition } from '@temporalio/workflow';
import type { AnswerChange, RunChange, RunGroup, StepChange } from '#core/automation/run.js';
import { recordProgress } from './activities.js';

export interface Recorder {
  step(change: StepChange): void;
  run(change: RunChange): void;
  /** Is written at once, and never after the end of its run. */
  answer(change: AnswerChange): void;
  /** Hands out the steps of a run that are not written yet; whoever takes them writes them. */
  takeSteps(runId: string): StepChange[];
  /** True while something waits to be written at once, or is being written. */
  isBusy(): boolean;
  /** Resolves when everything so far is written. */
  written(): Promise<void>;
  /** Writes changes as they come, all of one workflow task at once, until `isDone` and nothing is left. */
  writeUntil(isDone: () => boolean): Promise<void>;
}

/** Collects what happens inside the workflow, in one attempt of its runs. Its order is kept: a step is never written after its run's end. */
export function createRecorder({ orgId, automationId }: RunGroup, attempt: number | undefined): Recorder {
  let runs: RunChange[] = [];
  let steps: StepChange[] = [];
  let answers: AnswerChange[] = [];
  let isWriting = false;
  // Changes are written in batches, numbered from 1; the present one is being collected.
  let batch = 1;
  let lastWritten = 0;
  /** Somebody waits for the present batch. */
  let isAwaited = false;
  const isUrgent = () => runs.length > 0 || answers.length > 0 || isAwaited;
  const isDirty = () => runs.length > 0 || steps.length > 0 || answers.length > 0;

  return {
    step: (change) => {
      steps.push(change);
    },
    run: (change) => {
      runs.push(change);
    },
    answer: (change) => {
      answers.push(change);
    },
    takeSteps(runId) {
      const taken = steps.filter((change) => change.runId === runId);
      steps = steps.filter((change) => change.runId !== runId);
      return taken;
    },
    isBusy: () => isUrgent() || isWriting,
    async written() {
      // What others add meanwhile is not waited for: nothing may come to have it written.
      const wanted = isDirty() ? batch : batch - 1;
      if (isDirty()) isAwaited = true;
      await condition(() => lastWritten >= wanted);
    },
    async writeUntil(isDone) {
      while (!isDone() || isDirty()) {
        // A condition is looked at when nothing else can go on in this workflow task: one write takes all of it.
        await condition(() => isUrgent() || isDone());
        const written = batch;
        batch += 1;
        isAwaited = false;
        if (!isDirty()) {
          lastWritten = written;
          continue;
        }
        const isRetry = attempt !== undefined && attempt > 1;
        const more = { ...(answers.length > 0 && { answers }), ...(isRetry && { attempt }) };
        const progress = { orgId, automationId, runs, steps, ...more };
        runs = [];
        steps = [];
        answers = [];
        isWriting = true;
        await recordProgress(progress);
        isWriting = false;
        lastWritten = written;
      }
    },
  };
}
