import { and, inArray, sql } from 'drizzle-orm';
import { maxDepth } from '#core/automation/depth.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, listeners, runs } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { hiddenFromGrants, projectOfEvent } from '#runtime/policies/event-visibility.js';
import { readVars } from '#runtime/runs/read-vars.js';
import { inGroups, maxGroupSize, type StartableGroup } from '#runtime/runs/run-group.js';
import { startOf } from '#runtime/runs/run-start.js';
import { watchStarts } from '#runtime/runs/watch-starts.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import type { Services } from '#runtime/services.js';
import { answerWaits } from '#runtime/waits/answer-waits.js';
import type { QueueEntry } from './dispatch-batch.js';
import { failuresAmong, findFailureHandlers, heardFailure } from './failure-listeners.js';
import { type Entrant, enterLines } from './limits/enter-lines.js';
import type { Turn } from './limits/turn.js';
import type { Listener } from './listener.js';
import { readSources, type Source } from './sources.js';

/**
 * Makes a run for each automation that listens to each source. Runs that may start at once are put together by light
 * version; those with limits, and all when the organization has no room, join their lines.
 */
export async function dispatchSources(
  services: Services,
  transaction: Transaction,
  turn: Turn,
  entries: readonly QueueEntry[],
): Promise<StartableGroup[]> {
  const { orgId } = turn;
  const sources = await readSources(services, transaction, orgId, entries);
  const happened = sources.filter(({ kind }) => kind === 'event');
  const [found, failures] = await Promise.all([
    findListeners(transaction, sources),
    failuresAmong(services, transaction, orgId, happened),
    answerWaits(transaction, orgId, happened.map(asAnswer)),
  ]);
  const hides = await hiddenSources(transaction, found, happened);
  const handlers = await findFailureHandlers(transaction, failures.values());
  const listening = [
    ...found.map((listener) => ({ listener, isHandler: false })),
    ...[...handlers.values()].map((listener) => ({ listener, isHandler: true })),
  ];
  const heardBy = listening.map(({ listener, isHandler }) => {
    const meant = sources.flatMap((source) => {
      if (!isFor(listener, source) || hides(listener, source)) return [];
      return heardFailure(listener, source, { failure: failures.get(source.id), isHandler }) ?? [];
    });
    return { listener, heard: meant.filter((source) => hears(services, listener, source)) };
  });
  const isFree = roomFor(turn, heardBy);
  const written = await Promise.all(
    heardBy.flatMap(({ listener, heard }) =>
      inGroups(heard, groupSize(listener, heard, isFree(listener))).map((members) =>
        writeGroup(services, transaction, orgId, { listener, members, isHeld: !isFree(listener) }),
      ),
    ),
  );
  await enterLines(
    transaction,
    turn,
    written.flatMap(({ entrants }) => entrants),
  );
  const startable = written.flatMap((group) => group.startable ?? []);
  turn.quota.begun += startable.reduce((sum, group) => sum + group.runs.length, 0);
  const counts = new Map<string, number>();
  for (const id of written.flatMap((group) => group.sourceIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
  await Promise.all([
    markDispatched(transaction, sources, counts),
    watchStarts(
      transaction,
      orgId,
      startable.map((group) => group.runs[0]?.runId ?? ''),
    ),
  ]);
  return startable;
}

function asAnswer(source: Source) {
  const { id, topics, payload } = source;
  return { id, topic: topics[0] ?? '', payload, projectId: projectOf(source) };
}

/** Tells whether a listener's person may not know of what an event tells. */
async function hiddenSources(
  transaction: Transaction,
  listening: readonly Listener[],
  happened: readonly Source[],
): Promise<(listener: Listener, source: Source) => boolean> {
  const projectIds = happened.flatMap((source) => projectOf(source) ?? []);
  const grantIds = listening.map(({ grantId }) => grantId);
  const pairs = await hiddenFromGrants(transaction, projectIds, grantIds);
  return ({ grantId }, source) =>
    pairs.size > 0 && source.kind === 'event' && pairs.has(`${grantId} ${projectOf(source)}`);
}

function projectOf({ topics: [topic = ''], payload }: Source): string | null {
  return projectOfEvent(topic.slice('event:'.length), payload);
}

async function findListeners(transaction: Transaction, sources: readonly Source[]): Promise<Listener[]> {
  const topics = [...new Set(sources.flatMap((source) => source.topics))];
  if (topics.length === 0) return [];
  return transaction
    .select({
      automationId: listeners.automationId,
      version: listeners.version,
      topic: listeners.topic,
      hookKey: listeners.hookKey,
      plan: automationVersions.plan,
      grantId: automationVersions.grantId,
    })
    .from(listeners)
    .innerJoin(automationVersions, versionOfListener)
    .where(and(inArray(listeners.topic, topics), inArray(listeners.hookKey, hookKeysOf(sources))));
}

function hookKeysOf(sources: readonly Source[]): string[] {
  return [...new Set(sources.map((source) => source.hookKey))];
}

function isFor(listener: Listener, source: Source): boolean {
  return source.hookKey === listener.hookKey && source.topics.includes(listener.topic);
}

function hears(services: Services, listener: Listener, source: Source): boolean {
  const details = { automationId: listener.automationId, sourceId: source.id };
  if (source.depth >= maxDepth) {
    services.logger.warn(details, 'A chain of automations is too long; it ends here');
    return false;
  }
  if (listener.plan.trigger.where === undefined) return true;
  try {
    return evaluateTemplates(listener.plan.trigger.where, { trigger: source.payload }) === true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info(
      { ...details, reason: error.message },
      'The condition of a trigger could not be evaluated',
    );
    return false;
  }
}

interface Heard {
  listener: Listener;
  heard: readonly Source[];
}

/** Tells whose runs may start at once, and takes room for these: all that have no limits of their own, or none. */
function roomFor({ quota }: Turn, heardBy: readonly Heard[]): (listener: Listener) => boolean {
  const unlimited = heardBy.filter(({ listener }) => !listener.plan.limits);
  const wanted = unlimited.reduce((sum, { heard }) => sum + heard.length, 0);
  if (quota.hasLine || wanted > quota.room) return () => false;
  quota.room -= wanted;
  return ({ plan }) => !plan.limits;
}

/** Runs that are held are written at once, whatever workflow carries them later. */
function groupSize({ plan }: Listener, heard: readonly Source[], isFree: boolean): number {
  if (!isFree) return Math.max(1, heard.length);
  return plan.isLight ? maxGroupSize : 1;
}

async function writeGroup(
  services: Services,
  transaction: Transaction,
  orgId: string,
  { listener, members, isHeld }: { listener: Listener; members: readonly Source[]; isHeld: boolean },
): Promise<{ startable: StartableGroup | undefined; entrants: Entrant[]; sourceIds: string[] }> {
  const { automationId, version, grantId, plan } = listener;
  const withIds = members.map((source) => ({ source, runId: timeOrderedId() }));
  const workflowId = runWorkflowId(orgId, withIds[0]?.runId ?? '');
  const written = await transaction
    .insert(runs)
    .values(
      withIds.map(({ source, runId }) => ({
        orgId,
        id: runId,
        automationId,
        automationVersion: version,
        sourceKind: source.kind,
        sourceId: source.id,
        workflowId: isHeld ? runWorkflowId(orgId, runId) : workflowId,
        depth: source.depth,
        ...(isHeld && { heldFor: 'dispatcher' as const }),
        ...(source.failedRunId !== undefined && {
          failedRunId: source.failedRunId,
          input: source.payload,
        }),
      })),
    )
    .onConflictDoNothing()
    .returning({ id: runs.id });
  const isNew = new Set(written.map(({ id }) => id));
  const made = withIds.filter(({ runId }) => isNew.has(runId));
  const sourceIds = made.map(({ source }) => source.id);
  if (isHeld || made.length === 0) {
    const entrants = made.map(({ source, runId }) => {
      return { runId, automationId, attempt: 1, limits: plan.limits, payload: source.payload };
    });
    return { startable: undefined, entrants, sourceIds };
  }
  const files = services.files(orgId, transaction);
  const vars = await readVars(transaction, files, plan);
  const starts = await Promise.all(
    made.map(({ source, runId }) =>
      startOf(files, plan, { runId, depth: source.depth, payload: source.payload, vars }),
    ),
  );
  return {
    startable: { orgId, workflowId, automationId, version, grantId, plan, runs: starts },
    entrants: [],
    sourceIds,
  };
}

async function markDispatched(
  transaction: Transaction,
  sources: readonly Source[],
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = sources
    .filter(({ kind }) => kind === 'delivery')
    .map(({ id }) => ({ id, run_count: counts.get(id) ?? 0 }));
  if (rows.length === 0) return;
  await transaction.execute(sql`
    UPDATE deliveries SET dispatched_at = now(), run_count = done.run_count
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS done (id uuid, run_count integer)
    WHERE deliveries.id = done.id`);
}
