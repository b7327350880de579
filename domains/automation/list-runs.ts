import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { automations, deliveries, holdReasons, runStatuses, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Run, runColumns } from './run.js';

const ListedRun = Run.extend({ automationName: z.string() });
const Statuses = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',') : value),
  z.array(z.enum(runStatuses)).min(1),
);
const sorts = { createdAt: byColumn(runs.createdAt) };

export const listRuns = defineAction({
  name: 'runs.list',
  title: 'List runs',
  description: 'Runs of automations, newest first.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs' },
  input: z.strictObject({
    id: z.uuid().optional(),
    q: z
      .string()
      .trim()
      .max(200)
      .optional()
      .describe(
        'Found in the name of the automation; or the key by which it is limited, or the id of its delivery',
      ),
    automationId: z.uuid().optional(),
    status: Statuses.optional().describe('One or several; in a query string `failed,cancelled`'),
    since: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Those that were made at this moment or later'),
    until: z.iso.datetime({ offset: true }).optional().describe('Those that were made before this moment'),
    isTest: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .describe('Test runs instead of the others, which the list holds unless asked'),
    waitingFor: z.enum(holdReasons).optional().describe('What keeps them from starting'),
    stuck: z
      .stringbool()
      .or(z.boolean())
      .optional()
      .describe(
        'Those that have not ended and for a minute: have not started, wait, or try a step again or for long',
      ),
    sourceId: z.uuid().optional().describe('The delivery or event that started them'),
    parentRunId: z.uuid().optional().describe('The run that started them as subflows'),
    failedRunId: z.uuid().optional().describe('The run whose failure they deal with'),
    ...pageInput(sorts, '-createdAt'),
  }),
  output: pageOutput(ListedRun),
  async run(
    { db, actor }: DomainContext,
    {
      id,
      q,
      automationId,
      status,
      since,
      until,
      isTest,
      waitingFor,
      stuck,
      sourceId,
      parentRunId,
      failedRunId,
      ...request
    },
  ) {
    const page = openPage(sorts, runs.id, request);
    const rows = await db
      .select({ ...runColumns, automationName: automations.name, ...page.fields })
      .from(runs)
      .innerJoin(automations, and(eq(automations.orgId, runs.orgId), eq(automations.id, runs.automationId)))
      .where(
        and(
          eq(runs.orgId, actor.orgId),
          eq(runs.isTest, isTest),
          automationId === undefined ? undefined : eq(runs.automationId, automationId),
          id === undefined ? undefined : eq(runs.id, id),
          q ? or(sql`position(lower(${q}) in lower(${automations.name})) > 0`, hasKey(q)) : undefined,
          status === undefined ? undefined : inArray(runs.status, status),
          since === undefined ? undefined : sql`${runs.createdAt} >= ${since}::timestamptz`,
          until === undefined ? undefined : sql`${runs.createdAt} < ${until}::timestamptz`,
          waitingFor === undefined ? undefined : isHeldFor(waitingFor),
          stuck === undefined ? undefined : stuck ? isStuck : sql`NOT (${isStuck})`,
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

/** A run is found by what stands for its business: the key of its limits, as text or number, or the vendor's id. */
function hasKey(q: string): SQL {
  const keys = [q, JSON.stringify(q)];
  const lines = keys.flatMap((key) => [`concurrency ${key}`, `throttle ${key}`]);
  return sql`(${inArray(runs.line, lines)} OR ${inArray(runs.throttleKey, keys)} OR ${inArray(runs.debounceKey, keys)}
    OR ${runs.sourceKind} = 'delivery' AND EXISTS (SELECT FROM ${deliveries} WHERE ${deliveries.orgId} = ${runs.orgId}
      AND ${deliveries.id} = ${runs.sourceId} AND ${deliveries.externalId} = ${q}))`;
}

function isHeldFor(reason: (typeof holdReasons)[number]): SQL {
  return sql`${runs.status} = 'queued' AND ${runs.heldFor} = ${reason}`;
}

/** A run is what its newest step is: nothing has happened to it since. */
const isStuck = sql`CASE ${runs.status}
  WHEN 'queued' THEN coalesce(${runs.heldAt}, ${runs.createdAt}) < now() - interval '1 minute'
  WHEN 'waiting' THEN NOT EXISTS (SELECT FROM run_steps WHERE run_steps.run_id = ${runs.id}
    AND greatest(run_steps.started_at, run_steps.finished_at) > now() - interval '1 minute')
  WHEN 'running' THEN ${runs.startedAt} < now() - interval '1 minute'
    AND NOT EXISTS (SELECT FROM run_steps WHERE run_steps.run_id = ${runs.id} AND run_steps.error IS NULL
      AND greatest(run_steps.started_at, run_steps.finished_at) > now() - interval '1 minute')
  ELSE false END`;
