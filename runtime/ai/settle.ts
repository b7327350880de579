import { sql } from 'drizzle-orm';
import { warningPart } from '#core/ai/budget.js';
import { microsPerMinor } from '#core/ai/cost.js';
import type { Transaction } from '#db/client.js';
import type { Reservation } from './reserve.js';

/** A budget that has just been used to the part from which on people are told. */
export interface RunningOut {
  budgetId: string;
  subjectId: string;
  periodStart: string;
  /** Millionths of a minor unit. */
  spent: number;
}

type Row = { budget_id: string; subject_id: string; period_start: string; spent: string; is_new: boolean };

/**
 * Puts what a call has cost in place of what was held back for it. It counts also where that has come free meanwhile. Tells which
 * budgets run out now, each once.
 */
export async function settle(
  transaction: Transaction,
  orgId: string,
  { id, places }: Reservation,
  cost: number,
): Promise<RunningOut[]> {
  const list = (values: readonly string[]) => `{${values.join(',')}}`;
  const rows = await transaction.execute<Row>(sql`
    WITH freed AS (
      DELETE FROM ai_reservations WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid RETURNING amount),
    places (budget_id, subject_id, period_start) AS (
      SELECT * FROM unnest(${list(places.map(({ budgetId }) => budgetId))}::uuid[],
        ${list(places.map(({ subjectId }) => subjectId))}::uuid[],
        ${list(places.map(({ periodStart }) => periodStart))}::date[])),
    locked AS (
      SELECT s.budget_id, s.subject_id, s.period_start, s.warned_at,
        b.limit_minor * ${microsPerMinor} * ${warningPart}::float8 <= s.spent + ${cost}::bigint AS is_low
      FROM ai_spending s JOIN places USING (budget_id, subject_id, period_start)
        JOIN ai_budgets b ON b.org_id = s.org_id AND b.id = s.budget_id
      WHERE s.org_id = ${orgId}::uuid
      ORDER BY s.budget_id, s.subject_id, s.period_start FOR UPDATE OF s)
    UPDATE ai_spending s
    SET spent = s.spent + ${cost}::bigint, reserved = s.reserved - coalesce((SELECT amount FROM freed), 0),
      warned_at = coalesce(s.warned_at, CASE WHEN locked.is_low THEN now() END)
    FROM locked
    WHERE s.org_id = ${orgId}::uuid AND s.budget_id = locked.budget_id AND s.subject_id = locked.subject_id
      AND s.period_start = locked.period_start
    RETURNING s.budget_id, s.subject_id, s.period_start::text, s.spent,
      locked.is_low AND locked.warned_at IS NULL AS is_new`);
  return rows
    .filter((row) => row.is_new)
    .map((row) => ({
      budgetId: row.budget_id,
      subjectId: row.subject_id,
      periodStart: row.period_start,
      spent: Number(row.spent),
    }));
}
