import { sql } from 'drizzle-orm';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { Iteration } from '#core/automation/run.js';
import type { ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import type { FreedPlace } from '../limits/queue-turns.js';
import { isQuotaAwaited } from '../limits/quota.js';

/** What an activity knows of the step that it carries out. */
export interface PerformedStep {
  orgId: string;
  runId: string;
  /** Of the run. */
  runAttempt: number;
  nodeId: string;
  iteration: Iteration;
  status: 'running' | 'succeeded' | 'failed';
  attempts: number;
  startedAt: Date;
  input?: PackedValue;
  output?: PackedValue;
  error?: ErrorRecord;
  /** The run has succeeded with this step. */
  endsRun: boolean;
}

/**
 * Writes one attempt of a step over the earlier ones, and what it means for its run: begun, or succeeded. Nothing is
 * written of a run that was terminated, or has been taken up again as a later attempt. Tells whether it ended a run for
 * which a step of another may wait, and whose place another run may take now.
 */
export async function recordStep(
  transaction: Transaction,
  step: PerformedStep,
): Promise<{ wasAwaited: boolean; freed: FreedPlace | undefined }> {
  const { orgId, runId, runAttempt, nodeId, iteration, status, attempts, endsRun } = step;
  const startedAt = step.startedAt.toISOString();
  const finishedAt = status === 'running' ? null : new Date().toISOString();
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const [row] = await transaction.execute<{
    was_awaited: boolean;
    freed: { automationId: string; line: string | null } | null;
  }>(sql`
    WITH run AS (
      UPDATE runs SET
        status = ${endsRun ? 'succeeded' : 'running'},
        started_at = coalesce(started_at, ${startedAt}::timestamptz),
        finished_at = CASE WHEN ${endsRun} THEN ${finishedAt}::timestamptz END
      WHERE id = ${runId} AND attempt = ${runAttempt}
        AND (status = 'queued' OR ${endsRun} AND status IN ('running', 'waiting'))
      RETURNING parent_run_id, automation_id, line
    )
    INSERT INTO run_steps
      (org_id, run_id, node_id, iteration, status, attempts, started_at, finished_at, input, output, error)
    SELECT ${orgId}::uuid, id, ${nodeId}::text, ${iteration}::text, ${status}::text, ${attempts}::integer,
      ${startedAt}::timestamptz, ${finishedAt}::timestamptz,
      ${json(step.input)}::text::jsonb, ${json(step.output)}::text::jsonb, ${json(step.error)}::text::jsonb
    FROM runs WHERE id = ${runId} AND attempt = ${runAttempt} AND terminated_at IS NULL
    ON CONFLICT (org_id, run_id, node_id, iteration) DO UPDATE SET
      status = excluded.status,
      attempts = excluded.attempts,
      started_at = CASE WHEN excluded.attempts = 1 THEN excluded.started_at ELSE run_steps.started_at END,
      finished_at = excluded.finished_at,
      input = coalesce(excluded.input, run_steps.input),
      output = excluded.output,
      error = excluded.error
    RETURNING ${endsRun} AND EXISTS (SELECT FROM run WHERE parent_run_id IS NOT NULL) AS was_awaited,
      (SELECT jsonb_build_object('automationId', automation_id, 'line', line) FROM run
        WHERE ${endsRun} AND line IS NOT NULL OR ${isQuotaAwaited}) AS freed`);
  return { wasAwaited: row?.was_awaited ?? false, freed: row?.freed ? { runId, ...row.freed } : undefined };
}
