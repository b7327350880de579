import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { hold } from './hold.js';
import { type Releasable, release } from './release.js';
import { takeLine } from './take-line.js';
import type { Turn } from './turn.js';

/** An end, or a larger plan, that nobody saw while the first was put into the line is seen after this at the latest. */
const lookAgainMs = 5_000;
/** The same where others were about to begin. */
const lookSoonMs = 250;
/** Most that one look lets go. */
const maxReleased = 500;

interface Waiting extends Releasable {
  line: string | null;
  isActive: boolean;
}

/** Lets those start that wait for the organization's room, in their order, as many as there is room for. */
export async function takeQuotaTurn(transaction: Transaction, turn: Turn): Promise<void> {
  const { quota } = turn;
  while (quota.room > 0) {
    const waiting = await readWaiting(transaction, Math.min(maxReleased, quota.room));
    if (waiting.length === 0) break;
    const free: Waiting[] = [];
    for (const run of waiting) {
      if (run.line !== null)
        await takeLine(transaction, turn, { automationId: run.automationId, line: run.line });
      else if (!run.isActive) await hold(transaction, turn, { id: run.id, reason: 'paused' });
      else if (free.length < quota.room) free.push(run);
    }
    await release(transaction, turn, free);
    if (quota.room > 0) await leaveToLines(transaction, waiting);
  }
  const [first] = await readWaiting(transaction, 1);
  quota.hasLine = first !== undefined;
  if (first)
    await hold(transaction, turn, {
      id: first.id,
      reason: 'quota',
      dueInMs: quota.isSoonLarger ? lookSoonMs : lookAgainMs,
    });
}

/** Those that are still here are not the first of their lines, and wait for these. */
async function leaveToLines(transaction: Transaction, waiting: readonly Waiting[]): Promise<void> {
  const ids = sql.param(waiting.filter(({ line }) => line !== null).map(({ id }) => id));
  await transaction.execute(sql`
    UPDATE runs SET held_for = CASE WHEN line LIKE 'throttle %' THEN 'throttle' ELSE 'concurrency' END
    WHERE id = ANY(${ids}::uuid[]) AND status = 'queued' AND held_for = 'quota'`);
}

async function readWaiting(transaction: Transaction, limit: number): Promise<Waiting[]> {
  const rows = await transaction.execute<{
    id: string;
    automation_id: string;
    version: number;
    attempt: number;
    line: string | null;
    is_light: boolean;
    is_active: boolean;
  }>(sql`
    SELECT runs.id, runs.automation_id, runs.automation_version AS version, runs.attempt, runs.line,
      automation_versions.is_light, automations.status = 'active' AS is_active
    FROM runs
    JOIN automations ON automations.id = runs.automation_id
    JOIN automation_versions ON automation_versions.automation_id = runs.automation_id
      AND automation_versions.version = runs.automation_version
    WHERE runs.held_for = 'quota' AND runs.status = 'queued'
    ORDER BY runs.held_at, runs.id
    LIMIT ${limit}`);
  return rows.map(({ automation_id, is_light, is_active, ...row }) => ({
    ...row,
    automationId: automation_id,
    isLight: is_light,
    isActive: is_active,
  }));
}
