import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { automationVersions, runSteps, runs, stepStatuses } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { presentSteps, RunStep } from './run-step.js';

const path = /^\d{1,6}(\/\d{1,6}){0,9}$/;

/** Where a page ended: pass and node. */
const Place = z.tuple([z.string().regex(/^(\d{1,6}(\/\d{1,6}){0,9})?$/), z.string()]);

export const listSteps = defineAction({
  name: 'runs.list_steps',
  title: 'List steps of run',
  description: 'The steps of one run with those in its loops, pass by pass.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs/:id/steps' },
  input: z.strictObject({
    id: z.uuid(),
    nodeId: z.string().optional(),
    status: z.enum(stepStatuses).optional(),
    within: z.string().regex(path).optional().describe('A pass: its steps, and those of the loops within'),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(RunStep),
  async run({ db }: DomainContext, { id, nodeId, status, within, limit, cursor }) {
    const [[run], rows] = await Promise.all([
      db
        .select({ plan: automationVersions.plan })
        .from(runs)
        .innerJoin(automationVersions, versionOfRun)
        .where(eq(runs.id, id)),
      db
        .select()
        .from(runSteps)
        .where(
          and(
            eq(runSteps.runId, id),
            nodeId === undefined ? undefined : eq(runSteps.nodeId, nodeId),
            status === undefined ? undefined : eq(runSteps.status, status),
            within === undefined
              ? undefined
              : sql`(${runSteps.iteration} = ${within} OR ${runSteps.iteration} LIKE ${`${within}/%`})`,
            cursor === undefined ? undefined : afterPlace(cursor),
          ),
        )
        .orderBy(passOf(runSteps.iteration), runSteps.nodeId)
        .limit(limit + 1),
    ]);
    if (!run) throw new AppError('not_found', 'There is no such run');
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: presentSteps(shown, run.plan)
        .map((step) => RunStep.parse(step))
        .sort((a, b) => comparePasses(a.iteration, b.iteration)),
      nextCursor: last ? writeCursor([last.iteration, last.nodeId]) : null,
    };
  },
});

/** Passes in the order in which a loop makes them: the numbers of a path, not its text. */
function passOf(iteration: unknown): SQL {
  return sql`string_to_array(${iteration}, '/')::integer[]`;
}

function comparePasses(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.split('/').filter(Boolean).map(Number));
  for (const [index, number] of (a ?? []).entries()) {
    const other = b?.[index];
    if (other === undefined) return 1;
    if (number !== other) return number - other;
  }
  return (a?.length ?? 0) - (b?.length ?? 0);
}

function afterPlace(cursor: string): SQL {
  const [iteration, nodeId] = readCursor(Place, cursor);
  return sql`(${passOf(runSteps.iteration)}, ${runSteps.nodeId}) > (${passOf(iteration)}, ${nodeId})`;
}
