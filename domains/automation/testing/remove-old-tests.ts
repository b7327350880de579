import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { automationVersions, grants, runStepAttempts, runSteps, runs, waits } from '#db/schema/index.js';

/** Test versions of an automation that are kept, with their runs. */
export const keptTests = 20;
/** Removed at a time. */
const maxRemoved = 50;

/**
 * Removes the test versions of an automation beyond the newest, with their grants, their runs and the subflows that
 * those started. A version of which something has not ended stays for now. What test runs did stays, as do its events and
 * the audit log. The automation must be locked.
 */
export async function removeOldTests(db: Transaction, automationId: string): Promise<void> {
  const old = await db
    .select({ version: automationVersions.version, grantId: automationVersions.grantId })
    .from(automationVersions)
    .where(and(eq(automationVersions.automationId, automationId), lt(automationVersions.version, 0)))
    // The lowest is the newest.
    .orderBy(asc(automationVersions.version))
    .offset(keptTests)
    .limit(maxRemoved);
  if (old.length === 0) return;
  const made = await runsOf(
    db,
    automationId,
    old.map(({ version }) => version),
  );
  const busy = new Set(made.filter(({ isOver }) => !isOver).map(({ version }) => version));
  const ended = made.filter(({ version }) => !busy.has(version)).map(({ id }) => id);
  if (ended.length > 0) {
    await db.delete(waits).where(inArray(waits.runId, ended));
    await db.delete(runStepAttempts).where(inArray(runStepAttempts.runId, ended));
    await db.delete(runSteps).where(inArray(runSteps.runId, ended));
    await db.delete(runs).where(inArray(runs.id, ended));
  }
  const gone = old.filter(({ version }) => !busy.has(version));
  if (gone.length === 0) return;
  await db.delete(automationVersions).where(
    and(
      eq(automationVersions.automationId, automationId),
      inArray(
        automationVersions.version,
        gone.map(({ version }) => version),
      ),
    ),
  );
  await db.delete(grants).where(
    inArray(
      grants.id,
      gone.map(({ grantId }) => grantId),
    ),
  );
}

/** Runs of these versions and the subflows below them, each with the version that it goes back to, kept from being taken up again. */
async function runsOf(db: Transaction, automationId: string, versions: readonly number[]) {
  const found = await db.execute<{ id: string; version: number }>(sql`
    WITH RECURSIVE made AS (
      SELECT id, automation_version AS version FROM runs
      WHERE automation_id = ${automationId} AND automation_version IN ${[...versions]}
      UNION ALL
      SELECT runs.id, made.version FROM runs JOIN made ON runs.parent_run_id = made.id
    )
    SELECT id, version FROM made`);
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const locked = await db
    .select({ id: runs.id, finishedAt: runs.finishedAt })
    .from(runs)
    .where(inArray(runs.id, ids))
    .orderBy(runs.id)
    .for('update');
  const over = new Map(locked.map(({ id, finishedAt }) => [id, finishedAt !== null]));
  return found.map(({ id, version }) => ({ id, version, isOver: over.get(id) ?? false }));
}
