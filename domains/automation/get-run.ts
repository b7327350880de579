import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { automations, automationVersions, runSteps, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import type { DomainContext } from '#runtime/domain.js';
import { sourcePayload } from '#runtime/runs/source-payload.js';
import { Run, runColumns } from './run.js';
import { presentSteps, RunAnswer, RunStep, RunValue } from './run-step.js';

const RunWithSteps = Run.extend({
  automationName: z.string(),
  definition: z.unknown().describe('The version that it follows, as it was published'),
  trigger: z.unknown(),
  result: RunValue.nullable(),
  answer: RunAnswer.nullable().describe('What a `respond` node said to whoever waited'),
  steps: z.array(RunStep),
});

export const getRun = defineAction({
  name: 'runs.get',
  title: 'Get run',
  description:
    'One run with what started it and its steps, in the order of the graph; see /runs/:id/steps for those in loops.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: RunWithSteps,
  async run({ db, services, actor }: DomainContext, { id }) {
    const [[row], steps] = await Promise.all([
      db
        .select({
          ...runColumns,
          input: runs.input,
          result: runs.result,
          answer: runs.answer,
          plan: automationVersions.plan,
          definition: automationVersions.definition,
          automationName: automations.name,
        })
        .from(runs)
        .innerJoin(automations, and(eq(automations.orgId, runs.orgId), eq(automations.id, runs.automationId)))
        .innerJoin(automationVersions, versionOfRun)
        .where(eq(runs.id, id)),
      db
        .select()
        .from(runSteps)
        .where(and(eq(runSteps.runId, id), eq(runSteps.iteration, ''))),
    ]);
    if (!row) throw new AppError('not_found', 'There is no such run');
    const { plan, input, error, result, answer, ...run } = row;
    const trigger = await sourcePayload(db, services.files(actor.orgId, db), { ...run, input });
    const shown = presentSteps(steps, plan);
    return RunWithSteps.parse({ ...run, error, result, answer, trigger, steps: shown });
  },
});
