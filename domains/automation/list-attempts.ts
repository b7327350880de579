import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { runStepAttempts, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { RunError } from './run.js';

/** As many attempts as are told; a step has ten at most in each attempt of its run. */
const most = 500;

const StepAttempt = z.object({
  runAttempt: z.int().describe('Of the run'),
  attempt: z.int().describe('Of the step within that, from 1'),
  status: z.enum(['succeeded', 'failed']),
  error: RunError.nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});

/** Of each run attempt, what became of the attempts of one of its steps. Throws `not_found`. */
export const listAttempts = defineAction({
  name: 'runs.list_attempts',
  title: 'List attempts of step',
  description:
    'The attempts of a step that failed, and the one that succeeded after them, oldest first; also those before the run was retried. None for a step that succeeded at once. A number that is missing is an attempt whose worker was lost.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs/:id/attempts' },
  input: z.strictObject({
    id: z.uuid(),
    nodeId: z.string().min(1).max(200),
    iteration: z.string().max(100).default('').describe('The pass through its loops; empty outside of loops'),
  }),
  output: z.object({ items: z.array(StepAttempt) }),
  async run({ db, actor }: DomainContext, { id, nodeId, iteration }) {
    const [[run], rows] = await Promise.all([
      db
        .select({ id: runs.id })
        .from(runs)
        .where(and(eq(runs.orgId, actor.orgId), eq(runs.id, id))),
      db
        .select()
        .from(runStepAttempts)
        .where(
          and(
            eq(runStepAttempts.orgId, actor.orgId),
            eq(runStepAttempts.runId, id),
            eq(runStepAttempts.nodeId, nodeId),
            eq(runStepAttempts.iteration, iteration),
          ),
        )
        .orderBy(asc(runStepAttempts.runAttempt), asc(runStepAttempts.attempt))
        .limit(most),
    ]);
    if (!run) throw new AppError('not_found', 'There is no such run');
    return { items: rows.map((row) => StepAttempt.parse(row)) };
  },
});
