import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { holdReasons, runStatuses, runs } from '#db/schema/index.js';

export const RunError = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional().describe('The step that failed'),
  issues: z
    .array(z.object({ path: z.string(), message: z.string(), node: z.string().optional() }))
    .optional(),
});

export const Run = z.object({
  id: z.uuid(),
  automationId: z.uuid(),
  automationVersion: z.int().describe('Of a draft that is tested: below 0'),
  status: z.enum(runStatuses),
  sourceKind: z.enum(['delivery', 'event', 'manual', 'subflow']),
  sourceId: z.uuid().describe('Id of the delivery or event'),
  isTest: z.boolean().describe('It tries out a draft, or was started by a run that does'),
  attempt: z.int().describe('Counts from 1; each retry is one more'),
  rerunOf: z.uuid().nullable().describe('The run whose input this one repeats'),
  parentRunId: z.uuid().nullable().describe('The run that started this one as a subflow'),
  parentNodeId: z.string().nullable().describe('The step of that run'),
  parentIteration: z.string().nullable().describe('The pass through its loops; empty outside of loops'),
  failedRunId: z.uuid().nullable().describe('The run whose failure this one deals with'),
  waitingFor: z
    .enum(holdReasons)
    .nullable()
    .describe('What keeps a queued run from starting; see /runs/:id/explain'),
  error: RunError.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

export const runColumns = {
  id: runs.id,
  automationId: runs.automationId,
  automationVersion: runs.automationVersion,
  status: runs.status,
  sourceKind: runs.sourceKind,
  sourceId: runs.sourceId,
  isTest: runs.isTest,
  attempt: runs.attempt,
  rerunOf: runs.rerunOf,
  parentRunId: runs.parentRunId,
  parentNodeId: runs.parentNodeId,
  parentIteration: runs.parentIteration,
  failedRunId: runs.failedRunId,
  /** Of a run that has ended the column tells what it had waited for. */
  waitingFor: sql<
    (typeof holdReasons)[number] | null
  >`CASE WHEN ${runs.status} = 'queued' THEN ${runs.heldFor} END`,
  error: runs.error,
  createdAt: runs.createdAt,
  startedAt: runs.startedAt,
  finishedAt: runs.finishedAt,
};
