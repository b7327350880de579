import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { automations, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { sourcePayload } from '#runtime/runs/source-payload.js';
import { Run } from './run.js';
import { queueRun, requireRunsOfMonth } from './start-run.js';
import { requireTester } from './testing/require-tester.js';

export const rerunRun = defineAction({
  name: 'runs.rerun',
  title: 'Run again',
  description:
    'Starts a new run with what started this one, or with other input, on the same version or on the newest.',
  permission: 'automations:run',
  effect: 'write',
  http: { method: 'post', path: '/runs/:id/rerun', status: 202 },
  input: z.strictObject({
    id: z.uuid(),
    version: z.enum(['same', 'newest']).default('same'),
    input: z.record(z.string(), z.unknown()).optional().describe('What `trigger` shall hold instead'),
  }),
  output: Run,
  async run(context: DomainContext, { id, version, input }) {
    const { db, actor, services } = context;
    await requireRunsOfMonth(context);
    const [found] = await db
      .select({ run: runs, newest: automations.publishedVersion })
      .from(runs)
      .innerJoin(automations, and(eq(automations.id, runs.automationId), isNull(automations.deletedAt)))
      .where(eq(runs.id, id));
    if (!found) throw new AppError('not_found', 'There is no such run');
    const { run, newest } = found;
    const payload = input ?? (await sourcePayload(db, services.files(actor.orgId, db), run));
    const chosen = version === 'newest' ? (newest ?? run.automationVersion) : run.automationVersion;
    if (chosen === run.automationVersion) await requireTester(db, actor, id);
    return queueRun(context, {
      automationId: run.automationId,
      version: chosen,
      isTest: run.isTest && chosen === run.automationVersion,
      input: payload,
      rerunOf: id,
      failedRunId: run.failedRunId,
    });
  },
});
