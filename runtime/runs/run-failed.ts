import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RunChange } from '#core/automation/run.js';
import { defineEvent } from '#core/event.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import { timeOrderedId } from '../outbox.js';
import { writeRecords } from '../records.js';

export const runFailed = defineEvent({
  type: 'run.failed',
  title: 'A run failed',
  description: 'A run of an automation ended with an error.',
  payload: z.object({
    runId: z.uuid(),
    automationId: z.uuid(),
    name: z.string().describe('Name of the automation'),
    ownerId: z.uuid().describe('Whose automation it is'),
    version: z.int(),
    attempt: z.int(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    error: z.object({ code: z.string(), message: z.string(), node: z.string().optional() }),
  }),
});

/**
 * Tells listeners of runs that failed, in the transaction that records it. Returns how many events joined the
 * dispatcher's queue.
 */
export async function writeRunFailures(
  transaction: Transaction,
  { orgId, automationId }: { orgId: string; automationId: string },
  failed: readonly RunChange[],
): Promise<{ queued: number }> {
  if (failed.length === 0) return { queued: 0 };
  const known = await readFailed(
    transaction,
    failed.map(({ runId }) => runId),
  );
  const events = failed.flatMap(({ runId, depth, error }) => {
    const run = known.get(runId);
    if (!run) return [];
    const { hasHandler, ...details } = run;
    const payload = runFailed.payload.parse({ runId, automationId, error, ...details });
    const event = { id: timeOrderedId(), type: runFailed.type, payload, runId, depth: depth + 1 };
    return [{ ...event, isAwaited: hasHandler, isNotice: true }];
  });
  return writeRecords(transaction, { orgId, events });
}

async function readFailed(transaction: Transaction, ids: readonly string[]) {
  const rows = await transaction
    .select({
      id: runs.id,
      name: automations.name,
      ownerId: automations.ownerId,
      version: runs.automationVersion,
      attempt: runs.attempt,
      startedAt: runs.startedAt,
      finishedAt: runs.finishedAt,
      /** Its version names an automation that deals with failures, and it deals with none itself. */
      hasHandler: sql<boolean>`${runs.failedRunId} IS NULL AND ${automationVersions.plan} ? 'onFailure'`,
    })
    .from(runs)
    .innerJoin(automations, eq(automations.id, runs.automationId))
    .innerJoin(automationVersions, versionOfRun)
    // Whoever tests a draft sees its failures; nobody else has to hear of them.
    .where(and(inArray(runs.id, [...ids]), eq(runs.isTest, false)));
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}
