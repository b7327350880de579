import { sql } from 'drizzle-orm';
import type { PlanLimits } from '#core/automation/limits.js';
import type { Transaction } from '#db/client.js';
import { type LimitKeys, limitKeys } from '#runtime/limits/limit-keys.js';
import { endWaiting } from './end-waiting.js';
import type { Turn } from './turn.js';

/** A run that can't start before the limits have let it. Its row is there, queued and held. */
export interface Entrant {
  runId: string;
  automationId: string;
  attempt: number;
  limits: PlanLimits | undefined;
  payload: unknown;
}

type Placed = Entrant & LimitKeys & { isDebounced: boolean };

/** Puts runs into their lines, in the order given. Of those that follow each other closely, only the last stays. */
export async function enterLines(
  transaction: Transaction,
  turn: Turn,
  entrants: readonly Entrant[],
): Promise<void> {
  if (entrants.length === 0) return;
  const placed = entrants.map(place);
  const rows = placed.map(({ runId, line, throttleKey, debounceKey, limits, isDebounced }, order) => ({
    id: runId,
    place: order,
    line,
    throttle_key: throttleKey,
    debounce_key: debounceKey,
    held_for: isDebounced ? 'debounce' : firstReason(limits),
  }));
  await transaction.execute(sql`
    UPDATE runs SET
      held_for = entrant.held_for,
      held_at = came.at + entrant.place * interval '1 microsecond',
      held_until = NULL,
      released_at = NULL,
      line = entrant.line,
      throttle_key = entrant.throttle_key,
      debounce_key = entrant.debounce_key
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS entrant (id uuid, place integer, line text, throttle_key text, debounce_key text, held_for text),
      (SELECT clock_timestamp() AS at) AS came
    WHERE runs.id = entrant.id AND runs.status = 'queued'`);
  for (const burst of bursts(placed)) await debounce(transaction, turn, burst);
  for (const { isDebounced, automationId, line } of placed) {
    if (!isDebounced) turn.touch(automationId, line);
  }
}

function place(entrant: Entrant): Placed {
  const { limits, payload, attempt } = entrant;
  const keys = limits ? limitKeys(limits, payload) : { line: null, throttleKey: null, debounceKey: null };
  // Whoever retries a run means this one.
  return { ...entrant, ...keys, isDebounced: keys.debounceKey !== null && attempt === 1 };
}

function firstReason(limits: PlanLimits | undefined): string {
  if (limits?.concurrency) return 'concurrency';
  return limits?.throttle ? 'throttle' : 'quota';
}

function bursts(placed: readonly Placed[]): Placed[] {
  const last = new Map(
    placed
      .filter(({ isDebounced }) => isDebounced)
      .map((entrant) => [`${entrant.automationId} ${entrant.debounceKey}`, entrant]),
  );
  return [...last.values()];
}

/** Takes the place of those of the same key that came before, and has its turn when it has been quiet. */
async function debounce(
  transaction: Transaction,
  turn: Turn,
  { runId, automationId, debounceKey, limits }: Placed,
): Promise<void> {
  const { quietMs = 0, maxWaitMs } = limits?.debounce ?? {};
  const [row] = await transaction.execute<{ due: string; due_in_ms: number }>(sql`
    UPDATE runs SET held_at = burst.began,
      held_until = least(clock_timestamp() + ${quietMs} * interval '1 millisecond',
        burst.began + ${maxWaitMs ?? null}::float8 * interval '1 millisecond')
    FROM (
      SELECT min(held_at) AS began FROM runs
      WHERE automation_id = ${automationId} AND debounce_key = ${debounceKey} AND held_for = 'debounce' AND status = 'queued'
    ) AS burst
    WHERE id = ${runId}
    RETURNING held_until::text AS due, extract(epoch FROM held_until - clock_timestamp())::float8 * 1000 AS due_in_ms`);
  const earlier = await transaction.execute<{ id: string }>(sql`
    SELECT id FROM runs
    WHERE automation_id = ${automationId} AND debounce_key = ${debounceKey} AND held_for = 'debounce'
      AND status = 'queued' AND id <> ${runId}
    ORDER BY id FOR UPDATE`);
  await endWaiting(transaction, turn, {
    ids: earlier.map(({ id }) => id),
    error: { code: 'conflict', message: `Superseded by run ${runId}, which came soon after it` },
  });
  if (row) await turn.lookAgain(transaction, runId, row.due, row.due_in_ms);
}
