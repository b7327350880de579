import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockAutomation } from './find-automation.js';
import { Run } from './run.js';
import { requireRunsOfMonth } from './start-run.js';
import { takeUpAgain } from './take-up-again.js';
import { requireTester } from './testing/require-tester.js';

export const retryRun = defineAction({
  name: 'runs.retry',
  title: 'Retry run',
  description:
    'Takes a failed or cancelled run up again, from where it failed and on the same version. Steps that succeeded keep their results and are not done again, those in loops neither.',
  permission: 'automations:run',
  effect: 'write',
  http: { method: 'post', path: '/runs/:id/retry', status: 202 },
  input: z.strictObject({ id: z.uuid() }),
  output: Run,
  async run(context: DomainContext, { id }) {
    await requireTester(context.db, context.actor, id);
    await requireRunsOfMonth(context);
    const [run] = await takeUpAgain(context, [id]);
    if (run) return run;
    const [known] = await context.db.select({ status: runs.status }).from(runs).where(eq(runs.id, id));
    if (!known) throw new AppError('not_found', 'There is no such run');
    const isOver = known.status === 'failed' || known.status === 'cancelled';
    throw new AppError(
      'conflict',
      isOver
        ? 'The steps of this run were undone; run it again instead'
        : `Only a failed or cancelled run can be retried; this one is ${known.status}`,
    );
  },
});

/** Most runs that one call takes up. */
const maxRuns = 200;

export const retryFailedRuns = defineAction({
  name: 'runs.retry_failed',
  title: 'Retry failed runs',
  description: `Takes up again the failed runs of an automation, oldest first, at most ${maxRuns} a call.`,
  permission: 'automations:run',
  effect: 'write',
  http: { method: 'post', path: '/automations/:automationId/retry-failed', status: 202 },
  input: z.strictObject({
    automationId: z.uuid(),
    since: z.iso.datetime().optional().describe('Only runs that began at or after this moment'),
    code: z.string().optional().describe('Only runs that failed with this error code'),
  }),
  output: z.object({
    retried: z.array(z.uuid()),
    hasMore: z.boolean().describe('Call again for the rest'),
  }),
  async run(context: DomainContext, { automationId, since, code }) {
    await lockAutomation(context.db, automationId);
    await requireRunsOfMonth(context);
    const found = await context.db
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(
          eq(runs.automationId, automationId),
          eq(runs.status, 'failed'),
          eq(runs.isTest, false),
          since === undefined ? undefined : sql`${runs.createdAt} >= ${since}::timestamptz`,
          code === undefined ? undefined : sql`${runs.error} ->> 'code' = ${code}`,
        ),
      )
      .orderBy(runs.createdAt)
      .limit(maxRuns + 1);
    const chosen = found.slice(0, maxRuns).map(({ id }) => id);
    const retried = await takeUpAgain(context, chosen);
    return { retried: retried.map(({ id }) => id), hasMore: found.length > maxRuns };
  },
});
