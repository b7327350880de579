import { type SQL, sql } from 'drizzle-orm';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { Iteration } from '#core/automation/run.js';
import type { ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
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
 * written of a run that was terminated, or has been taken up again as a later attempt. Where the run's end leaves its place
 * to another, the dispatcher's queue is told so by the same statement, which also keeps the attempt. Tells whether a step of another run may wait for
 * the one that ended, and how many entries joined the queue.
 */
export async function recordStep(
  transaction: Transaction,
  step: PerformedStep,
): Promise<{ wasAwaited: boolean; queued: number }> {
  const { orgId, runId, runAttempt, nodeId, iteration, status, attempts, endsRun } = step;
  const startedAt = step.startedAt.toISOString();
  const finishedAt = status === 'running' ? null : new Date().toISOString();
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const [row] = await transaction.execute<{ wasAwaited: boolean; queued: number }>(sql`
    WITH run AS (
      UPDATE runs SET
        status = ${endsRun ? 'succeeded' : 'running'},
        started_at = coalesce(started_at, ${startedAt}::timestamptz),
        finished_at = CASE WHEN ${endsRun} THEN ${finishedAt}::timestamptz END
      WHERE id = ${runId} AND attempt = ${runAttempt}
        AND (status = 'queued' OR ${endsRun} AND status IN ('running', 'waiting'))
      RETURNING id, parent_run_id, line
    ), turn AS (
      INSERT INTO dispatch_queue (org_id, kind, source_id)
      SELECT ${orgId}::uuid, 'turn', id FROM run WHERE ${endsRun} AND (line IS NOT NULL OR ${isQuotaAwaited})
      RETURNING 1
    )${attemptOf(step, finishedAt)}
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
    RETURNING ${endsRun} AND EXISTS (SELECT FROM run WHERE parent_run_id IS NOT NULL) AS "wasAwaited",
      (SELECT count(*)::integer FROM turn) AS queued`);
  return row ?? { wasAwaited: false, queued: 0 };
}

/**
 * The part of the statement that keeps an attempt: one that failed, or one that succeeded after another. Nothing for a
 * step that succeeds at once, which is told by its own row.
 */
function attemptOf(
  { orgId, runId, runAttempt, nodeId, iteration, attempts, startedAt, error, status }: PerformedStep,
  finishedAt: string | null,
): SQL {
  const hasEnded = error !== undefined || status === 'succeeded';
  if (!hasEnded || (error === undefined && attempts === 1 && runAttempt === 1)) return sql``;
  const ended = finishedAt ?? new Date().toISOString();
  return sql`, attempt AS (
      INSERT INTO run_step_attempts
        (org_id, run_id, node_id, iteration, run_attempt, attempt, status, error, started_at, finished_at)
      SELECT ${orgId}::uuid, id, ${nodeId}::text, ${iteration}::text, ${runAttempt}::integer, ${attempts}::integer,
        ${error === undefined ? 'succeeded' : 'failed'}::text,
        ${error === undefined ? null : JSON.stringify(error)}::text::jsonb,
        ${startedAt.toISOString()}::timestamptz, ${ended}::timestamptz
      FROM runs WHERE id = ${runId} AND attempt = ${runAttempt} AND terminated_at IS NULL
      ON CONFLICT (org_id, run_id, node_id, iteration, run_attempt, attempt) DO UPDATE SET
        status = excluded.status, error = excluded.error, finished_at = excluded.finished_at
    )`;
}
