import { sql } from 'drizzle-orm';
import { enterOrg, type Transaction } from '#db/client.js';
import { dispatchQueue } from '#db/schema/index.js';
import { writeFailureDigest } from '#runtime/runs/failure-notice.js';
import type { StartableGroup } from '#runtime/runs/run-group.js';
import type { Services } from '#runtime/services.js';
import { dispatchSources } from './dispatch-sources.js';
import { resumeRuns } from './resume-runs.js';
import { readRevisions, type ScheduleRevision } from './schedule-revisions.js';
import { type TakenMail, takeMails } from './take-mails.js';
import { findTerminations, type Termination } from './terminate-workflows.js';
import { findWakes, type Wake } from './wake-workflows.js';

/** Most queue entries that one transaction takes. */
export const maxBatchSize = 200;

const maxPauseSeconds = 600;

/** One entry of the dispatcher's queue. */
export interface QueueEntry {
  orgId: string;
  kind: 'delivery' | 'event' | 'run' | 'schedule' | 'wake' | 'mail' | 'failure_digest' | 'terminate';
  sourceId: string;
  /** How often it was put back. */
  attempts: number;
}

export interface DispatchedBatch {
  /** Entries of the queue that were taken. */
  claimed: number;
  groups: StartableGroup[];
  wakes: Wake[];
  revisions: ScheduleRevision[];
  mails: TakenMail[];
  terminations: Termination[];
}

/**
 * Takes what is due from the queue and makes runs of it, in one transaction: either a delivery is still in the
 * queue, or its runs exist. Returns what the engine has to be told now: the groups whose workflows to start, the
 * workflows to wake or to end, and the schedules that have changed; and the mails to send, `mailRoom` at most.
 */
export async function dispatchBatch(
  services: Services,
  size = maxBatchSize,
  mailRoom?: number,
): Promise<DispatchedBatch> {
  return services.database.withoutOrg(async (transaction) => {
    const entries = await claim(transaction, size);
    const groups: StartableGroup[] = [];
    const wakes: Wake[] = [];
    const revisions: ScheduleRevision[] = [];
    const mails: TakenMail[] = [];
    const terminations: Termination[] = [];
    for (const [orgId, ofOrg] of byOrg(entries)) {
      await enterOrg(transaction, orgId);
      const sources = ofOrg.filter(({ kind }) => kind === 'delivery' || kind === 'event');
      const waiting = ofOrg.filter(({ kind }) => kind === 'run');
      const answered = ofOrg.filter(({ kind }) => kind === 'wake');
      const unsent = ofOrg.filter(({ kind }) => kind === 'mail');
      const digests = ofOrg.filter(({ kind }) => kind === 'failure_digest');
      const ended = ofOrg.filter(({ kind }) => kind === 'terminate');
      const revised = ofOrg.filter(({ kind }) => kind === 'schedule');
      if (sources.length > 0) groups.push(...(await dispatchSources(services, transaction, orgId, sources)));
      if (waiting.length > 0) groups.push(...(await resumeRuns(services, transaction, orgId, waiting)));
      if (answered.length > 0) wakes.push(...(await findWakes(transaction, orgId, answered)));
      if (ended.length > 0)
        terminations.push(...(await findTerminations(services, transaction, orgId, ended)));
      if (revised.length > 0) revisions.push(...(await readRevisions(services, transaction, orgId, revised)));
      for (const { sourceId } of digests) await writeFailureDigest(services, transaction, orgId, sourceId);
      if (unsent.length > 0) {
        const room = mailRoom === undefined ? undefined : mailRoom - mails.length;
        mails.push(...(await takeMails(transaction, orgId, unsent, room)));
      }
    }
    return { claimed: entries.length, groups, wakes, revisions, terminations, mails };
  });
}

/** Puts the entry that is next in the queue back to a later time: it can't be dispatched now, others can. */
export async function deferNext(services: Services): Promise<void> {
  await services.database.withoutOrg(async (transaction) => {
    for (const { orgId, kind, sourceId, attempts } of await claim(transaction, 1)) {
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

async function claim(transaction: Transaction, size: number): Promise<QueueEntry[]> {
  const rows = await transaction.execute<{
    org_id: string;
    kind: QueueEntry['kind'];
    source_id: string;
    attempts: number;
  }>(sql`SELECT org_id, kind, source_id, attempts FROM claim_dispatch(${size})`);
  return rows.map(({ org_id, kind, source_id, attempts }) => ({
    orgId: org_id,
    kind,
    sourceId: source_id,
    attempts,
  }));
}

function byOrg(entries: readonly QueueEntry[]): Map<string, QueueEntry[]> {
  const groups = new Map<string, QueueEntry[]>();
  for (const entry of entries) groups.set(entry.orgId, [...(groups.get(entry.orgId) ?? []), entry]);
  return groups;
}
