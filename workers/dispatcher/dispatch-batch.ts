import { sql } from 'drizzle-orm';
import { enterOrg, type Transaction } from '#db/client.js';
import { dispatchQueue } from '#db/schema/index.js';
import { lockQuota, type QuotaSettings } from '#runtime/limits/quota.js';
import { writeNotifications } from '#runtime/notifications/write-notifications.js';
import { dispatcherSlot, noteUsage } from '#runtime/quotas/note-usage.js';
import { writeFailureDigest } from '#runtime/runs/failure-notice.js';
import type { StartableGroup } from '#runtime/runs/run-group.js';
import type { Services } from '#runtime/services.js';
import { type AgentNews, findAgentNews } from './agent-news.js';
import { dispatchSources } from './dispatch-sources.js';
import { takeTurns, touchLines } from './limits/take-turns.js';
import { type CancelRequest, createTurn } from './limits/turn.js';
import { findPrivacyWork, type PrivacyWork } from './privacy-work.js';
import { resumeRuns, startReleased } from './resume-runs.js';
import { readRevisions, type ScheduleRevision } from './schedule-revisions.js';
import { type TakenMail, takeMails } from './take-mails.js';
import { findTerminations, type Termination } from './terminate-workflows.js';
import { findWakes, type Wake } from './wake-workflows.js';

/** Most queue entries that one transaction takes. */
export const maxBatchSize = 50;

const maxPauseSeconds = 600;

/** What one batch may take. */
export interface BatchLimits {
  /** Entries of the queue. */
  size: number;
  /** The organization whose turn was last; null: nobody's. */
  previous: string | null;
  /** Mails that can be sent; undefined: none ever. */
  mailRoom: number | undefined;
  /** Runs of the organization whose turn it is. */
  quotaOf(orgId: string): QuotaSettings;
}

/** One entry of the dispatcher's queue. */
export interface QueueEntry {
  orgId: string;
  kind: (typeof dispatchQueue.$inferSelect)['kind'];
  sourceId: string;
  /** How often it was put back. */
  attempts: number;
}

export interface DispatchedBatch {
  /** Entries of the queue that were taken. */
  claimed: number;
  /** Whose; null: nobody's. */
  orgId: string | null;
  groups: StartableGroup[];
  wakes: Wake[];
  revisions: ScheduleRevision[];
  mails: TakenMail[];
  terminations: Termination[];
  /** Exports and erasures to begin. */
  privacyWork: PrivacyWork[];
  /** People whose notifications have changed. */
  notified: string[];
  /** Runs of agents to begin, or to tell of news. */
  agentNews: AgentNews[];
  /** Runs that have to make room for others. */
  cancels: CancelRequest[];
  /** Runs that ended before they had started. */
  ended: { orgId: string; runId: string }[];
  /** Milliseconds until a line is to be looked at again. */
  nextInMs: number;
}

/**
 * Takes what is due for one organization and makes runs of it, in one transaction: either a delivery is still in the
 * queue, or its runs exist. Returns what the engine has to be told now: the groups whose workflows to start, the
 * workflows to wake or to end, and the schedules that have changed; and the mails to send. Organizations take turns.
 */
export async function dispatchBatch(
  services: Services,
  { size, previous, mailRoom, quotaOf }: BatchLimits,
): Promise<DispatchedBatch> {
  return services.database.withoutOrg(async (transaction) => {
    const entries = await claim(transaction, size, previous);
    const orgId = entries[0]?.orgId ?? null;
    const batch: DispatchedBatch = {
      claimed: entries.length,
      orgId,
      groups: [],
      wakes: [],
      revisions: [],
      mails: [],
      terminations: [],
      privacyWork: [],
      notified: [],
      agentNews: [],
      cancels: [],
      ended: [],
      nextInMs: Number.POSITIVE_INFINITY,
    };
    if (orgId === null) return batch;
    await enterOrg(transaction, orgId);
    await dispatchOf(services, transaction, { orgId, entries, batch, mailRoom, quota: quotaOf(orgId) });
    return batch;
  });
}

interface Dispatching {
  orgId: string;
  entries: readonly QueueEntry[];
  batch: DispatchedBatch;
  mailRoom: number | undefined;
  quota: QuotaSettings;
}

async function dispatchOf(
  services: Services,
  transaction: Transaction,
  { orgId, entries, batch, mailRoom, quota }: Dispatching,
): Promise<void> {
  const ofKind = (...kinds: QueueEntry['kind'][]) => entries.filter(({ kind }) => kinds.includes(kind));
  const answered = ofKind('wake');
  const revised = ofKind('schedule');
  const ended = ofKind('terminate');
  const unsent = ofKind('mail');
  const noticed = ofKind('notice').map(({ sourceId }) => sourceId);
  if (answered.length > 0) batch.wakes.push(...(await findWakes(transaction, orgId, answered)));
  if (revised.length > 0)
    batch.revisions.push(...(await readRevisions(services, transaction, orgId, revised)));
  if (ended.length > 0)
    batch.terminations.push(...(await findTerminations(services, transaction, orgId, ended)));
  if (unsent.length > 0) batch.mails.push(...(await takeMails(transaction, orgId, unsent, mailRoom)));
  batch.privacyWork.push(...(await findPrivacyWork(transaction, orgId, ofKind('export', 'erasure'))));
  if (noticed.length > 0)
    batch.notified.push(...(await writeNotifications(services, transaction, orgId, noticed)));
  batch.agentNews.push(...(await findAgentNews(transaction, orgId, ofKind('agent'))));
  for (const { sourceId } of ofKind('failure_digest')) {
    await writeFailureDigest(services, transaction, orgId, sourceId);
  }
  if (ofKind('delivery', 'event', 'run', 'turn').length === 0) return;
  const turn = createTurn(orgId, await lockQuota(transaction, orgId, quota));
  const sources = ofKind('delivery', 'event');
  const waiting = ofKind('run');
  if (sources.length > 0) batch.groups.push(...(await dispatchSources(services, transaction, turn, sources)));
  if (waiting.length > 0) batch.groups.push(...(await resumeRuns(services, transaction, turn, waiting)));
  await touchLines(
    transaction,
    turn,
    ofKind('turn').map(({ sourceId }) => sourceId),
  );
  await takeTurns(transaction, turn);
  const [released] = await Promise.all([
    startReleased(services, transaction, turn),
    noteUsage(transaction, orgId, { name: 'runs', count: turn.quota.begun, slot: dispatcherSlot }),
  ]);
  batch.groups.push(...released);
  batch.cancels.push(...turn.cancels);
  batch.ended.push(...turn.endedIds.map((runId) => ({ orgId, runId })));
  batch.nextInMs = Math.min(batch.nextInMs, turn.nextInMs);
}

/** Puts the entry that is next in the queue back to a later time: it can't be dispatched now, others can. */
export async function deferNext(services: Services, previous: string | null): Promise<void> {
  await services.database.withoutOrg(async (transaction) => {
    for (const { orgId, kind, sourceId, attempts } of await claim(transaction, 1, previous)) {
      await enterOrg(transaction, orgId);
      const pauseSeconds = Math.min(maxPauseSeconds, 2 ** attempts);
      const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
      await transaction
        .insert(dispatchQueue)
        .values({ orgId, kind, sourceId, attempts: attempts + 1, availableAt });
      services.logger.error({ orgId, kind, sourceId, attempts }, 'An entry of the queue was put off');
    }
  });
}

async function claim(transaction: Transaction, size: number, previous: string | null): Promise<QueueEntry[]> {
  const rows = await transaction.execute<{
    org_id: string;
    kind: QueueEntry['kind'];
    source_id: string;
    attempts: number;
  }>(sql`SELECT org_id, kind, source_id, attempts FROM claim_dispatch(${size}, ${previous}::uuid)`);
  return rows.map(({ org_id, kind, source_id, attempts }) => ({
    orgId: org_id,
    kind,
    sourceId: source_id,
    attempts,
  }));
}
