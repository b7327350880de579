import { createHash } from 'node:crypto';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { AutomationTrigger } from '#core/automation/definition.js';
import { canonicalJson } from '#core/canonical-json.js';
import { AppError, toErrorRecord } from '#core/errors.js';
import { nextTimes, type Timetable } from '#core/timetable/timetable.js';
import type { Transaction } from '#db/client.js';
import { automations, polls } from '#db/schema/index.js';

/** How far an automation has come that asks for news. */
export interface PollState {
  watched: string;
  /** Undefined: where the present is has not been found out yet. */
  cursor: unknown;
  failures: number;
}

/** What is watched, as one text: a cursor is of use for the same only. How often is not part of it. */
export function watchedBy({ type, connection, input }: AutomationTrigger): string {
  const { every: _every, ...wanted } = input;
  return createHash('sha256').update(canonicalJson({ type, connection, wanted })).digest('hex');
}

/** The state for what is watched now; undefined while a failure keeps the app from being asked. */
export async function readPollState(
  db: Transaction,
  automationId: string,
  watched: string,
  nowMs: number,
): Promise<PollState | undefined> {
  const [row] = await db.select().from(polls).where(eq(polls.automationId, automationId));
  if (row?.watched !== watched) return { watched, cursor: undefined, failures: 0 };
  if (row.nextPollAt !== null && Date.parse(row.nextPollAt) > nowMs) return undefined;
  return { watched, cursor: row.cursor ?? undefined, failures: row.failures };
}

/** Keeps a cursor whose items have been kept, and forgets earlier failures. */
export async function keepCursor(
  db: Transaction,
  { orgId, automationId }: { orgId: string; automationId: string },
  { watched, cursor }: Pick<PollState, 'watched' | 'cursor'>,
): Promise<void> {
  const values = { watched, cursor, lastPolledAt: sql`now()`, failures: 0, nextPollAt: null };
  await db
    .insert(polls)
    .values({ orgId, automationId, ...values })
    .onConflictDoUpdate({ target: [polls.orgId, polls.automationId], set: values });
  await db
    .update(automations)
    .set({ triggerError: null })
    .where(and(eq(automations.id, automationId), isNotNull(automations.triggerError)));
}

const longestPauseMs = 3_600_000;

/**
 * Notes a failure, shows it on the automation, and puts the next try off: to the next turn, then further and further up
 * to an hour, and at least as long as the app asks for.
 */
export async function keepFailure(
  db: Transaction,
  automation: { orgId: string; automationId: string },
  { watched, failures }: PollState,
  failed: { error: unknown; timetable: Timetable; nowMs: number },
): Promise<void> {
  const { error, timetable, nowMs } = failed;
  const retryAfterMs = (error instanceof AppError ? error.retryAfterMs : undefined) ?? 0;
  const everyMs = timetable.kind === 'every' ? timetable.everyMs : 0;
  // Half a turn less than full ones, so that small differences do not cost a whole turn.
  const pauseMs = Math.min(Math.max(longestPauseMs, everyMs), everyMs * 2 ** failures) - everyMs / 2;
  const nextPollMs = nowMs + Math.max(pauseMs, retryAfterMs);
  const nextPollAt = new Date(nextPollMs).toISOString();
  const record = toErrorRecord(error);
  const { orgId, automationId } = automation;
  await db
    .insert(polls)
    .values({ orgId, automationId, watched, failures: failures + 1, nextPollAt })
    .onConflictDoUpdate({
      target: [polls.orgId, polls.automationId],
      set: {
        watched,
        failures: failures + 1,
        nextPollAt,
        cursor: sql`CASE WHEN ${polls.watched} = excluded.watched THEN ${polls.cursor} END`,
      },
    });
  const isUpToPeople = record.code === 'credentials_expired';
  const [nextTryMs = nextPollMs] = nextTimes(timetable, nextPollMs, 1);
  await db
    .update(automations)
    .set({
      triggerError: {
        code: record.code,
        message: record.message,
        at: new Date(nowMs).toISOString(),
        nextTryAt: isUpToPeople ? null : new Date(nextTryMs).toISOString(),
      },
    })
    .where(eq(automations.id, automationId));
}
