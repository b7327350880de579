import { sql } from 'drizzle-orm';
import type { AnswerChange, RunChange, StepChange } from '#core/automation/run.js';
import type { Transaction } from '#db/client.js';
import type { FreedPlace } from '../limits/queue-turns.js';
import { isQuotaAwaited } from '../limits/quota.js';
import { storableJson } from '../storable-json.js';

export interface ChangedRun {
  id: string;
  /** It has ended, and a step of another run may wait for that. */
  isAwaited: boolean;
  /** Set if another run may take its place now. */
  freed: FreedPlace | undefined;
}

/** Writes states of runs that have not ended; the last change of each counts. Returns those that changed, with what may wait for their end. */
export async function recordRunChanges(
  transaction: Transaction,
  changes: readonly RunChange[],
  attempt: number,
): Promise<ChangedRun[]> {
  const last = [...new Map(changes.map((change) => [change.runId, change])).values()];
  if (last.length === 0) return [];
  const rows = last.map(({ runId, status, at, result, error }) => ({
    run_id: runId,
    status,
    at: new Date(at).toISOString(),
    is_final: status !== 'running' && status !== 'waiting',
    result,
    error,
  }));
  const changed = await transaction.execute<{
    id: string;
    is_awaited: boolean;
    automation_id: string;
    line: string | null;
    frees: boolean;
  }>(sql`
    UPDATE runs SET
      status = change.status,
      started_at = coalesce(runs.started_at, change.at),
      finished_at = CASE WHEN change.is_final THEN change.at END,
      result = change.result,
      error = change.error
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS change (run_id uuid, status text, at timestamptz, is_final boolean, result jsonb, error jsonb)
    WHERE runs.id = change.run_id AND runs.status IN ('queued', 'running', 'waiting') AND runs.attempt = ${attempt}
    RETURNING runs.id, runs.finished_at IS NOT NULL AND runs.parent_run_id IS NOT NULL AS is_awaited,
      runs.automation_id, runs.line,
      runs.finished_at IS NOT NULL AND runs.line IS NOT NULL OR ${isQuotaAwaited} AS frees`);
  return changed.map(({ id, is_awaited, automation_id, line, frees }) => ({
    id,
    isAwaited: is_awaited,
    freed: frees ? { runId: id, automationId: automation_id, line } : undefined,
  }));
}

/**
 * Writes steps that ran inside the workflow, unless their run was terminated, or is in another attempt by now. What an
 * activity recorded of the same step (input, attempts) stays.
 */
export async function recordStepChanges(
  transaction: Transaction,
  { orgId, attempt }: { orgId: string; attempt: number },
  changes: readonly StepChange[],
): Promise<void> {
  const last = [
    ...new Map(
      changes.map((change) => [`${change.runId} ${change.nodeId} ${change.iteration}`, change]),
    ).values(),
  ];
  if (last.length === 0) return;
  const rows = last.map(
    ({ runId, nodeId, iteration, status, startedAt, finishedAt, output, error, pinned }) => ({
      run_id: runId,
      node_id: nodeId,
      iteration,
      status,
      started_at: isoTime(startedAt),
      finished_at: isoTime(finishedAt),
      output,
      error,
      pinned: pinned ?? false,
    }),
  );
  await transaction.execute(sql`
    INSERT INTO run_steps (org_id, run_id, node_id, iteration, status, started_at, finished_at, output, error, pinned)
    SELECT ${orgId}::uuid, change.run_id, node_id, iteration, change.status, change.started_at, change.finished_at,
      change.output, change.error, pinned
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS change (run_id uuid, node_id text, iteration text, status text, started_at timestamptz, finished_at timestamptz,
        output jsonb, error jsonb, pinned boolean)
    JOIN runs ON runs.id = change.run_id AND runs.attempt = ${attempt} AND runs.terminated_at IS NULL
    ON CONFLICT (org_id, run_id, node_id, iteration) DO UPDATE SET
      status = excluded.status,
      finished_at = coalesce(excluded.finished_at, run_steps.finished_at),
      output = coalesce(excluded.output, run_steps.output),
      error = coalesce(run_steps.error, excluded.error)`);
}

/** Keeps the first answer of each run. */
export async function recordAnswers(
  transaction: Transaction,
  changes: readonly AnswerChange[],
  attempt: number,
): Promise<void> {
  if (changes.length === 0) return;
  const first = new Map([...changes].reverse().map((change) => [change.runId, change.answer]));
  const rows = [...first].map(([runId, answer]) => ({ run_id: runId, answer }));
  await transaction.execute(sql`
    UPDATE runs SET answer = change.answer
    FROM jsonb_to_recordset(${storableJson(rows)}::text::jsonb) AS change (run_id uuid, answer jsonb)
    WHERE runs.id = change.run_id AND runs.answer IS NULL
      AND runs.attempt = ${attempt}`);
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
