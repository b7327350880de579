import { type SQL, sql } from 'drizzle-orm';
import type { BudgetScope } from '#core/ai/budget.js';
import { microsPerMinor } from '#core/ai/cost.js';
import { AppError } from '#core/errors.js';
import type { Database, Transaction } from '#db/client.js';
import { timeOrderedId } from '../outbox.js';
import type { ModelUse } from './model-use.js';
import { startOfPeriod } from './period-start.js';
import { reclaim } from './reclaim.js';

/** Where an amount is held back: one budget of one subject in one period. */
export interface ReservedPlace {
  budgetId: string;
  subjectId: string;
  periodStart: string;
}

/** What is held back for one call. */
export interface Reservation {
  id: string;
  amount: number;
  places: readonly ReservedPlace[];
}

export interface Reserving {
  use: ModelUse;
  /** The most that the call can cost, in millionths of a minor unit. */
  amount: number;
  lane: string;
  maxConcurrentCalls: number;
  /** Longest that the call can take; then what is held back comes free. */
  timeoutMs: number;
}

/** When a call that found no room in its lane is to come again. */
const laneRetryMs = 250;
/** What a process may need after its call to write down what came of it. */
const graceMs = 60_000;

/** As many calls are out to a provider as the organization allows: a matter of waiting, not of the provider. */
export class LaneFull extends AppError {
  override readonly retryAfterMs = laneRetryMs;

  constructor(maxConcurrentCalls: number) {
    super('limit_exceeded', `${maxConcurrentCalls} calls are out to this provider; more wait`, {
      retryAfterMs: laneRetryMs,
    });
  }
}

/**
 * Holds back what a call can cost at most in every budget that bounds it, and takes a place in its lane. Of calls at the same
 * time, no more get through than there is room for. Throws `budget_exceeded` naming the budget, and `limit_exceeded` where
 * as many calls as allowed are out.
 */
export async function reserve(database: Database, reserving: Reserving): Promise<Reservation> {
  const { orgId } = reserving.use.actor;
  const attempt = () => database.withOrg(orgId, (transaction) => tryToReserve(transaction, reserving));
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'budget_exceeded') throw error;
    // Calls whose process died may still hold something back.
    if (!(await database.withOrg(orgId, reclaim))) throw error;
    return attempt();
  }
}

async function tryToReserve(transaction: Transaction, reserving: Reserving): Promise<Reservation> {
  const { use, amount, lane, maxConcurrentCalls } = reserving;
  const { orgId } = use.actor;
  const id = timeOrderedId();
  // Sent together, carried out in this order: the count sees what those have committed who had the lock before.
  const [, [counted], taken] = await Promise.all([
    transaction.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`ai:${orgId}:${lane}`}, 0))`),
    transaction.execute<{ out: number }>(sql`SELECT count(*)::integer AS out FROM ai_reservations
      WHERE org_id = ${orgId}::uuid AND lane = ${lane} AND expires_at > now()`),
    transaction.execute<TakenPlace>(holdBack(id, reserving)),
  ]);
  if ((counted?.out ?? 0) >= maxConcurrentCalls) {
    throw new LaneFull(maxConcurrentCalls);
  }
  const over = taken.find((place) => Number(place.spent) + Number(place.reserved) > place.limit_micros);
  if (over) throw budgetExceeded(over, amount);
  const places = taken.map((place) => ({
    budgetId: place.budget_id,
    subjectId: place.subject_id,
    periodStart: place.period_start,
  }));
  return { id, amount, places };
}

type TakenPlace = {
  budget_id: string;
  subject_id: string;
  period_start: string;
  spent: string;
  reserved: string;
  limit_micros: number;
  name: string;
  period: string;
};

/** Notes the call, and adds the amount to what is held back, in an order that is the same for everybody. */
function holdBack(id: string, { use, amount, lane, timeoutMs }: Reserving): SQL {
  const { orgId } = use.actor;
  const listOf = (column: string) =>
    sql`coalesce(array_agg(${sql.identifier(column)} ORDER BY budget_id, subject_id), '{}')`;
  return sql`WITH places AS MATERIALIZED (${boundingPlaces(use)}), noted AS (
      INSERT INTO ai_reservations (org_id, id, lane, amount, budget_ids, subject_ids, period_starts, expires_at)
      SELECT ${orgId}::uuid, ${id}::uuid, ${lane}, ${amount}::bigint,
        ${listOf('budget_id')}, ${listOf('subject_id')}, ${listOf('period_start')},
        now() + ${timeoutMs + graceMs}::integer * interval '1 millisecond'
      FROM places),
    taken AS (
      INSERT INTO ai_spending AS s (org_id, budget_id, subject_id, period_start, reserved)
      SELECT ${orgId}::uuid, budget_id, subject_id, period_start, ${amount}::bigint FROM places
      ORDER BY budget_id, subject_id
      ON CONFLICT (org_id, budget_id, subject_id, period_start)
        DO UPDATE SET reserved = s.reserved + excluded.reserved
      RETURNING s.budget_id, s.subject_id, s.period_start, s.spent, s.reserved)
    SELECT taken.budget_id, taken.subject_id, taken.period_start::text, taken.spent, taken.reserved,
      (places.limit_minor * ${microsPerMinor})::float8 AS limit_micros, places.name, places.period
    FROM taken JOIN places USING (budget_id, subject_id)`;
}

/** The budgets that bound a call, each with whom it counts for and since when. */
function boundingPlaces({ actor, agent, run }: ModelUse): SQL {
  const { orgId, userId } = actor;
  const subject = (scope: BudgetScope, id: string | undefined) => sql`(${scope}, ${id ?? null}::uuid)`;
  return sql`WITH RECURSIVE own_departments (id, parent_id) AS (
      SELECT d.id, d.parent_id FROM department_members m JOIN departments d ON d.org_id = m.org_id AND d.id = m.department_id
      WHERE m.org_id = ${orgId}::uuid AND m.user_id = ${userId}::uuid AND m.is_primary
      UNION
      SELECT d.id, d.parent_id FROM departments d JOIN own_departments o ON d.org_id = ${orgId}::uuid AND d.id = o.parent_id),
    subjects (scope, id) AS (
      VALUES ${subject('organization', orgId)}, ${subject('user', userId)}, ${subject('agent', agent?.id)},
        ${subject('run', run?.id)}
      UNION ALL SELECT 'department', id FROM own_departments)
    SELECT b.id AS budget_id, s.id AS subject_id, b.limit_minor, b.name, b.period,
      ${startOfPeriod(sql`b.period`)} AS period_start
    FROM ai_budgets b JOIN subjects s ON s.scope = b.scope AND (b.subject_id IS NULL OR b.subject_id = s.id)
    WHERE b.org_id = ${orgId}::uuid AND b.deleted_at IS NULL AND s.id IS NOT NULL`;
}

function budgetExceeded(
  { name, period, spent, reserved, limit_micros: limit }: TakenPlace,
  amount: number,
): AppError {
  const others = Number(reserved) - amount;
  const held = others > 0 ? ` and ${minor(others)} held back for calls that are out` : '';
  const when = period === 'total' ? '' : ` of this ${period}`;
  return new AppError(
    'budget_exceeded',
    `The budget “${name}”${when} is ${minor(limit)}; ${minor(Number(spent))} are spent${held}, and this call can cost ${minor(amount)}`,
  );
}

/** As people read it: units with two decimals, more for what is small. */
function minor(micros: number): string {
  const units = micros / microsPerMinor / 100;
  return units === 0 || units >= 0.01 ? units.toFixed(2) : units.toPrecision(2);
}
