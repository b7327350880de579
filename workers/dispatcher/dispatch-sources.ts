import { and, inArray, sql } from 'drizzle-orm';
import { maxDepth } from '#core/automation/depth.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, listeners, runs } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { readVars } from '#runtime/runs/read-vars.js';
import { maxGroupSize, type StartableGroup } from '#runtime/runs/run-group.js';
import { startOf } from '#runtime/runs/run-start.js';
import { watchStarts } from '#runtime/runs/watch-starts.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import type { Services } from '#runtime/services.js';
import { answerWaits } from '#runtime/waits/answer-waits.js';
import type { QueueEntry } from './dispatch-batch.js';
import { failuresAmong, findFailureHandlers, heardFailure } from './failure-listeners.js';
import type { Listener } from './listener.js';
import { readSources, type Source } from './sources.js';

/** Makes a run for each automation that listens to each source, and puts runs of one light version together. */
export async function dispatchSources(
  services: Services,
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<StartableGroup[]> {
  const sources = await readSources(services, transaction, orgId, entries);
  const happened = sources.filter(({ kind }) => kind === 'event');
  const [found, failures] = await Promise.all([
    findListeners(transaction, sources),
    failuresAmong(services, transaction, orgId, happened),
    answerWaits(transaction, orgId, happened.map(asAnswer)),
  ]);
  const handlers = await findFailureHandlers(transaction, failures.values());
  const listening = [
    ...found.map((listener) => ({ listener, isHandler: false })),
    ...[...handlers.values()].map((listener) => ({ listener, isHandler: true })),
  ];
  const written = await Promise.all(
    listening.flatMap(({ listener, isHandler }) => {
      const meant = sources.flatMap((source) => {
        if (!isFor(listener, source)) return [];
        return heardFailure(listener, source, { failure: failures.get(source.id), isHandler }) ?? [];
      });
      const heard = meant.filter((source) => hears(services, listener, source));
      return inGroups(listener, heard).map((members) =>
        writeGroup(services, transaction, orgId, { listener, members }),
      );
    }),
  );
  const groups = written.filter((group) => group !== undefined);
  const startable = groups.map((group) => group.startable);
  const counts = new Map<string, number>();
  for (const id of groups.flatMap((group) => group.sourceIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
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

function asAnswer({ id, topics: [topic = ''], payload }: Source) {
  return { id, topic, payload };
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

function inGroups(listener: Listener, heard: readonly Source[]): Source[][] {
  const size = listener.plan.isLight ? maxGroupSize : 1;
  const count = Math.ceil(heard.length / size);
  return Array.from({ length: count }, (_, index) => heard.slice(index * size, (index + 1) * size));
}

async function writeGroup(
  services: Services,
  transaction: Transaction,
  orgId: string,
  { listener, members }: { listener: Listener; members: readonly Source[] },
): Promise<{ startable: StartableGroup; sourceIds: string[] } | undefined> {
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
        workflowId,
        depth: source.depth,
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
  if (made.length === 0) return undefined;
  const files = services.files(orgId, transaction);
  const vars = await readVars(transaction, files, plan);
  const starts = await Promise.all(
    made.map(({ source, runId }) =>
      startOf(files, plan, { runId, depth: source.depth, payload: source.payload, vars }),
    ),
  );
  return {
    startable: { orgId, workflowId, automationId, version, grantId, plan, runs: starts },
    sourceIds: made.map(({ source }) => source.id),
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
