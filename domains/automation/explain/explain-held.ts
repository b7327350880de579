import { and, asc, eq, inArray, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm';
import type { Plan } from '#core/automation/plan.js';
import { isBeyond } from '#core/quotas.js';
import type { Transaction } from '#db/client.js';
import { type holdReasons, runs } from '#db/schema/index.js';
import { readQuotas } from '#runtime/quotas/read-quotas.js';
import { type Explanation, explained } from './explanation.js';

type HoldReason = (typeof holdReasons)[number];
type HeldRun = typeof runs.$inferSelect & { heldFor: HoldReason };

const maxHolders = 10;

/** Why a run is not let go by the limits. */
export async function explainHeld(db: Transaction, run: HeldRun, { limits }: Plan): Promise<Explanation> {
  const { heldFor } = run;
  const until = run.heldUntil === null ? null : new Date(run.heldUntil).toISOString();
  if (heldFor === 'debounce') {
    return explained('debounce', 'It starts when no other trigger with its key has come for a while', {
      until,
    });
  }
  if (heldFor === 'paused')
    return explained('paused', 'The automation is paused; it goes on when it is resumed');
  const position = await positionOf(db, run);
  if (heldFor === 'throttle') {
    const { max = 0, perMs = 0 } = limits?.throttle ?? {};
    const message = `At most ${max} runs start within ${perMs} ms; it is number ${position} of those that wait`;
    return explained('throttle', message, { until, position });
  }
  if (heldFor === 'concurrency') {
    const holders = await holdersOf(db, [
      lineOf(run),
      inArray(runs.status, ['queued', 'running', 'waiting']),
    ]);
    const message = `At most ${limits?.concurrency?.max} runs are under way at a time; it is number ${position} of those that wait`;
    return explained('concurrency', message, { position, runs: holders });
  }
  const [month] = await readQuotas(db, run.orgId, ['runs']);
  if (month && isBeyond(month, 1)) {
    const message = `The organization has started ${month.used} of ${month.limit} runs this month; it is number ${position} of those that wait for the next month, or for a larger plan`;
    return explained('monthly_quota', message, { until: month.resetsAt, position });
  }
  const holders = await holdersOf(db, [inArray(runs.status, ['queued', 'running'])]);
  const message = `The organization has as many runs at work, or about to begin, as it may; it is number ${position} of those that wait`;
  return explained('quota', message, { position, runs: holders });
}

function lineOf({ automationId, line }: HeldRun): SQL | undefined {
  return and(eq(runs.automationId, automationId), line === null ? isNull(runs.line) : eq(runs.line, line));
}

async function positionOf(db: Transaction, run: HeldRun): Promise<number> {
  const rivals =
    run.heldFor === 'quota' ? eq(runs.heldFor, 'quota') : and(lineOf(run), ne(runs.heldFor, 'debounce'));
  const [row] = await db
    .select({ before: sql<number>`count(*)::int` })
    .from(runs)
    .where(
      and(
        rivals,
        eq(runs.status, 'queued'),
        isNotNull(runs.heldFor),
        // The moment as the database has it: what was read of it is less exact.
        sql`(${runs.heldAt}, ${runs.id}) < (SELECT self.held_at, self.id FROM runs AS self WHERE self.id = ${run.id})`,
      ),
    );
  return (row?.before ?? 0) + 1;
}

async function holdersOf(db: Transaction, which: readonly (SQL | undefined)[]): Promise<string[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(isNull(runs.heldFor), ...which))
    .orderBy(asc(runs.createdAt))
    .limit(maxHolders);
  return rows.map(({ id }) => id);
}
