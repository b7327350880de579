import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { runStatuses, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Run, runColumns } from './run.js';

const sorts = { createdAt: byColumn(runs.createdAt) };

export const listRuns = defineAction({
  name: 'runs.list',
  title: 'List runs',
  description: 'Runs of automations, newest first.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs' },
  input: z.strictObject({
    automationId: z.uuid().optional(),
    status: z.enum(runStatuses).optional(),
    isTest: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .describe('Test runs instead of the others, which the list holds unless asked'),
    sourceId: z.uuid().optional().describe('The delivery or event that started them'),
    parentRunId: z.uuid().optional().describe('The run that started them as subflows'),
    failedRunId: z.uuid().optional().describe('The run whose failure they deal with'),
    ...pageInput(sorts, '-createdAt'),
  }),
  output: pageOutput(Run),
  async run(
    { db, actor }: DomainContext,
    { automationId, status, isTest, sourceId, parentRunId, failedRunId, ...request },
  ) {
    const page = openPage(sorts, runs.id, request);
    const rows = await db
      .select({ ...runColumns, ...page.fields })
      .from(runs)
      .where(
        and(
          eq(runs.orgId, actor.orgId),
          eq(runs.isTest, isTest),
          automationId === undefined ? undefined : eq(runs.automationId, automationId),
          status === undefined ? undefined : eq(runs.status, status),
          sourceId === undefined ? undefined : eq(runs.sourceId, sourceId),
          parentRunId === undefined ? undefined : eq(runs.parentRunId, parentRunId),
          failedRunId === undefined ? undefined : eq(runs.failedRunId, failedRunId),
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(
      rows.map(({ error, ...row }) => ({ ...row, error: error as z.input<typeof Run>['error'] })),
    );
  },
});
