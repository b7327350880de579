import { sql } from 'drizzle-orm';
import type { PlanLimits } from '#core/automation/limits.js';
import type { Transaction } from '#db/client.js';
import { endSuperseded, makeRoom } from './cancel-running.js';
import { endWaiting } from './end-waiting.js';
import { hold } from './hold.js';
import { type Releasable, release } from './release.js';
import { createThrottle } from './throttle.js';
import type { Line, Turn } from './turn.js';

/** A run in a line. */
export interface Candidate extends Releasable {
  limits: PlanLimits | null;
  throttleKey: string | null;
  isActive: boolean;
}

/** Most runs of a line that one look lets go or ends; the next look follows at once. */
const maxCandidates = 300;

/**
 * Lets the first of a line start, for as long as there is room by every limit, and says of the one that has to wait
 * why. What is under way is counted, not kept: a crash can't lose a place. Each run is held to the limits of its own
 * version.
 */
export async function takeLine(transaction: Transaction, turn: Turn, line: Line): Promise<void> {
  const [candidates, active] = await Promise.all([
    readCandidates(transaction, line),
    countActive(transaction, line),
  ]);
  const throttle = createThrottle(transaction, line.automationId);
  const started: Candidate[] = [];
  const skipped: Candidate[] = [];
  const waiting = await endSuperseded(transaction, turn, candidates);
  for (let next = waiting[0]; next; next = waiting[0]) {
    const { concurrency, throttle: pace } = next.limits ?? {};
    const isFull = concurrency !== undefined && active + started.length >= concurrency.max;
    if (isFull && concurrency.onLimit === 'skip') {
      skipped.push(next);
    } else if (!next.isActive) {
      await hold(transaction, turn, { id: next.id, reason: 'paused' });
      break;
    } else if (isFull) {
      if (concurrency.onLimit === 'cancel_running') await makeRoom(transaction, turn, line, waiting);
      else await hold(transaction, turn, { id: next.id, reason: 'concurrency' });
      break;
    } else if (turn.quota.room <= started.length) {
      turn.quota.hasLine = true;
      await hold(transaction, turn, { id: next.id, reason: 'quota' });
      break;
    } else {
      const dueInMs = pace ? await throttle.take(next.throttleKey ?? '', pace) : 0;
      if (dueInMs > 0) {
        await hold(transaction, turn, { id: next.id, reason: 'throttle', dueInMs });
        break;
      }
      started.push(next);
    }
    waiting.shift();
  }
  await release(transaction, turn, started);
  await endWaiting(transaction, turn, {
    ids: skipped.map(({ id }) => id),
    error: { code: 'limit_exceeded', message: 'Skipped: as many runs as may be were under way' },
  });
  const [last] = candidates.slice(-1);
  if (last && waiting.length === 0 && candidates.length === maxCandidates) {
    await turn.lookAgain(transaction, last.id, new Date().toISOString(), 0);
  }
}

async function readCandidates(transaction: Transaction, { automationId, line }: Line): Promise<Candidate[]> {
  const rows = await transaction.execute<{
    id: string;
    version: number;
    attempt: number;
    throttle_key: string | null;
    limits: PlanLimits | null;
    is_light: boolean;
    is_active: boolean;
  }>(sql`
    SELECT runs.id, runs.automation_version AS version, runs.attempt, runs.throttle_key,
      automation_versions.plan -> 'limits' AS limits, automation_versions.is_light,
      automations.status = 'active' AS is_active
    FROM runs
    JOIN automations ON automations.id = runs.automation_id
    JOIN automation_versions ON automation_versions.automation_id = runs.automation_id
      AND automation_versions.version = runs.automation_version
    WHERE runs.automation_id = ${automationId} AND runs.line = ${line} AND runs.status = 'queued'
      AND runs.held_for IS NOT NULL AND runs.held_for NOT IN ('dispatcher', 'debounce')
    ORDER BY runs.held_at, runs.id
    LIMIT ${maxCandidates}`);
  return rows.map(({ throttle_key, is_light, is_active, ...row }) => ({
    ...row,
    automationId,
    throttleKey: throttle_key,
    isLight: is_light,
    isActive: is_active,
  }));
}

async function countActive(transaction: Transaction, { automationId, line }: Line): Promise<number> {
  const [row] = await transaction.execute<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM runs
    WHERE automation_id = ${automationId} AND line = ${line} AND held_for IS NULL
      AND status IN ('queued', 'running', 'waiting')`);
  return row?.count ?? 0;
}
