import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { maxDepth } from '#core/automation/depth.js';
import { subflowAction } from '#core/automation/nodes/calling.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { runs } from '#db/schema/index.js';
import type { Actor, StepPlace } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { checkRunInput } from './check-run-input.js';
import { findAutomation } from './find-automation.js';
import { queueRun } from './start-run.js';
import { takeUpAgain } from './take-up-again.js';

const Started = z.object({
  runId: z.uuid(),
  attempt: z.int().describe('Of the started run: 1 for the first'),
});

export const runSubflow = defineAction({
  name: subflowAction,
  title: 'Run subflow',
  description:
    'Starts a run of the published version for the step of a run that calls, once: called again by the same step, it finds the same run, and takes it up again if it has failed or was cancelled.',
  permission: 'automations:run',
  effect: 'write',
  input: z.strictObject({ id: z.uuid(), input: z.record(z.string(), z.unknown()).default({}) }),
  output: Started,
  async run(context: DomainContext, { id, input }) {
    const automation = await findAutomation(context.db, id);
    const parent = callingStep(context.actor);
    const earlier = await findStarted(context.db, parent);
    if (earlier) return again(context, earlier);
    const { name, status, publishedVersion: version } = automation;
    if (version === null || status !== 'active') {
      throw new AppError('conflict', `"${name}" is ${status === 'paused' ? 'paused' : 'not published'}`);
    }
    if (context.actor.depth + 1 >= maxDepth) {
      throw new AppError('conflict', `More than ${maxDepth} automations would run within one another`);
    }
    const started = { automationId: id, version, input };
    const checked = await checkRunInput(context.db, started);
    const run = await queueRun(context, { ...started, input: checked, parent });
    return { runId: run.id, attempt: run.attempt };
  },
});

/** The step of a run that a subflow is started by. */
export interface ParentStep extends StepPlace {
  runId: string;
}

function callingStep({ runId, step }: Actor): ParentStep {
  if (runId !== null && step) return { runId, ...step };
  throw new AppError('forbidden', 'Only a step of a run starts a subflow; use automations.run');
}

async function findStarted(db: Transaction, { runId, nodeId, iteration }: ParentStep) {
  const [row] = await db
    .select({ id: runs.id, status: runs.status, attempt: runs.attempt })
    .from(runs)
    .where(
      and(eq(runs.parentRunId, runId), eq(runs.parentNodeId, nodeId), eq(runs.parentIteration, iteration)),
    );
  return row;
}

async function again(
  context: DomainContext,
  { id, status, attempt }: Pick<typeof runs.$inferSelect, 'id' | 'status' | 'attempt'>,
): Promise<z.input<typeof Started>> {
  if (status !== 'failed' && status !== 'cancelled') return { runId: id, attempt };
  const [taken] = await takeUpAgain(context, [id]);
  // Somebody else was faster: it is under way.
  return { runId: id, attempt: taken?.attempt ?? attempt + 1 };
}
