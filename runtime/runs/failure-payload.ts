import { eq, inArray } from 'drizzle-orm';
import { jsonSize, maxInlineSize } from '#core/automation/packed-value.js';
import type { FailurePayload } from '#core/automation/triggers/error.js';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, events, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import { runFailed } from './run-failed.js';
import { sourcePayload } from './source-payload.js';

/** A run that failed, as told by its event. */
export interface Failure {
  runId: string;
  automationId: string;
  /** The automation that its version wants to be started then. */
  onFailure: string | undefined;
  /** It dealt with the failure of another run itself. */
  isHandling: boolean;
  payload: FailurePayload;
}

/** What events `run.failed` tell, by the id of the event. */
export async function readFailures(
  transaction: Transaction,
  files: FileStore,
  eventIds: readonly string[],
): Promise<Map<string, Failure>> {
  if (eventIds.length === 0) return new Map();
  const rows = await transaction
    .select({ eventId: events.id, event: events.payload, run: runs, plan: automationVersions.plan })
    .from(events)
    .innerJoin(runs, eq(runs.id, events.runId))
    .innerJoin(automationVersions, versionOfRun)
    .where(inArray(events.id, [...eventIds]));
  const failures = new Map<string, Failure>();
  for (const { eventId, event, run, plan } of rows) {
    const told = runFailed.payload.safeParse(event).data;
    if (!told) continue;
    const { runId, ownerId: _, ...rest } = told;
    const trigger = await sourcePayload(transaction, files, run);
    const isSmall = jsonSize(trigger) <= maxInlineSize;
    failures.set(eventId, {
      runId,
      automationId: rest.automationId,
      onFailure: plan.onFailure,
      isHandling: run.failedRunId !== null,
      payload: { run: { id: runId, ...rest }, trigger: isSmall ? trigger : null },
    });
  }
  return failures;
}
