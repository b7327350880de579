import { and, eq, inArray, isNull } from 'drizzle-orm';
import { failureTopic } from '#core/automation/triggers/error.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions } from '#db/schema/index.js';
import { type Failure, readFailures } from '#runtime/runs/failure-payload.js';
import type { Services } from '#runtime/services.js';
import type { Listener } from './listener.js';
import type { Source } from './sources.js';

/** The failures that are among the sources, by the id of the source. */
export async function failuresAmong(
  services: Services,
  transaction: Transaction,
  orgId: string,
  sources: readonly Source[],
): Promise<Map<string, Failure>> {
  const told = sources.filter(({ topics }) => topics.includes(failureTopic)).map(({ id }) => id);
  return readFailures(transaction, services.files(orgId, transaction), told);
}

/** The active automations that failed ones name in `settings.onFailure`, by id. */
export async function findFailureHandlers(
  transaction: Transaction,
  failures: Iterable<Failure>,
): Promise<Map<string, Listener>> {
  const ids = [...new Set([...failures].flatMap(({ onFailure }) => onFailure ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await transaction
    .select({
      automationId: automations.id,
      version: automationVersions.version,
      plan: automationVersions.plan,
      grantId: automationVersions.grantId,
    })
    .from(automations)
    .innerJoin(
      automationVersions,
      and(
        eq(automationVersions.automationId, automations.id),
        eq(automationVersions.version, automations.publishedVersion),
      ),
    )
    .where(
      and(inArray(automations.id, ids), eq(automations.status, 'active'), isNull(automations.deletedAt)),
    );
  return new Map(rows.map((row) => [row.automationId, { ...row, topic: failureTopic, hookKey: '' }]));
}

/**
 * What a listener hears of a failure; undefined: nothing. An automation with the trigger `error`, and one that another
 * names as its `onFailure`, hear of the run and what it was started with, but not of runs that dealt with a failure
 * themselves: nothing shall run in circles.
 */
export function heardFailure(
  { plan, automationId }: Listener,
  source: Source,
  { failure, isHandler }: { failure: Failure | undefined; isHandler: boolean },
): Source | undefined {
  const watched = plan.trigger.failuresOf;
  if (watched === undefined && !isHandler) return source;
  if (!failure || failure.isHandling) return undefined;
  const isMeant = isHandler ? failure.onFailure === automationId : isWatched(watched ?? [], failure);
  return isMeant ? { ...source, payload: failure.payload, failedRunId: failure.runId } : undefined;
}

function isWatched(watched: readonly string[], { automationId }: Failure): boolean {
  return watched.length === 0 || watched.includes(automationId);
}
