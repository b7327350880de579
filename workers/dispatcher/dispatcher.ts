import type { Client } from '@temporalio/client';
import { announceNotified } from '#runtime/notifications/announce-notified.js';
import { dispatchChannel } from '#runtime/outbox.js';
import type { Services } from '#runtime/services.js';
import { tellAgents } from './agent-news.js';
import { applyRevisions } from './apply-revisions.js';
import { deferNext, dispatchBatch, maxBatchSize } from './dispatch-batch.js';
import { endRuns } from './limits/end-runs.js';
import { createMailSender, type MailSender } from './mail-sender.js';
import { startPrivacyWork } from './privacy-work.js';
import { createSharedQuota, type SharedQuota } from './shared-quota.js';
import { startRunGroups } from './start-run-groups.js';
import { terminateWorkflows } from './terminate-workflows.js';
import { wakeWorkflows } from './wake-workflows.js';

export interface Dispatcher {
  /** Resolves when the batch in hand is done. */
  stop(): Promise<void>;
}

/** Looks into the queue at least this often, should a wake-up be lost. */
const pollMs = 1_000;
/** After a failure of database or engine. */
const pauseMs = 500;

/** Batches that a process works at side by side: while one is long, other organizations have theirs. */
const laneCount = 3;

/**
 * Turns deliveries and events into runs, and runs into workflows. Any number of them may work side by side: each
 * claims its rows. While one batch is being started the next deliveries gather, which is what makes groups.
 */
export function startDispatcher(services: Services, client: Client): Dispatcher {
  let isStopping = false;
  const mailSender = createMailSender(services);
  const quotaOf = createSharedQuota(services.configuration);
  const lanes = Array.from({ length: laneCount }, () =>
    createLane(services, client, { mailSender, quotaOf, isStopping: () => isStopping }),
  );
  const hear = () => {
    for (const lane of lanes) lane.hear();
  };
  const unsubscribe = services.hub.subscribe(dispatchChannel, hear);
  const working = Promise.all(lanes.map((lane) => lane.work()));
  return {
    async stop() {
      isStopping = true;
      unsubscribe();
      hear();
      await working;
      await mailSender.stop();
    },
  };
}

/** What the lanes have in common. */
interface Common {
  mailSender: MailSender;
  quotaOf: SharedQuota;
  isStopping(): boolean;
}

/** Works at one batch after the other. */
function createLane(services: Services, client: Client, { mailSender, quotaOf, isStopping }: Common) {
  let wake: () => void = () => {};
  let hasNews = true;
  let nextTurnAt = Number.POSITIVE_INFINITY;

  async function rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => {};
  }

  /** Until a line is to be looked at again, or something may have been lost. */
  function restMs(): number {
    const leftMs = nextTurnAt - performance.now();
    if (leftMs > pollMs) return pollMs;
    nextTurnAt = Number.POSITIVE_INFINITY;
    return Math.max(1, leftMs);
  }

  async function work(): Promise<void> {
    let size = maxBatchSize;
    let previous: string | null = null;
    while (!isStopping()) {
      hasNews = false;
      try {
        const batch = await dispatchBatch(services, { size, previous, mailRoom: mailSender.room(), quotaOf });
        previous = batch.orgId;
        const { claimed, groups, wakes, revisions, terminations, privacyWork, agentNews, mails } = batch;
        mailSender.send(mails);
        if (batch.orgId !== null) announceNotified(services.hub, batch.orgId, batch.notified);
        await Promise.all([
          startRunGroups(services, client, groups),
          wakeWorkflows(services, client, wakes),
          terminateWorkflows(services, client, terminations),
          applyRevisions(services, client, revisions),
          startPrivacyWork(services, client, privacyWork),
          tellAgents(services, client, agentNews),
          endRuns(services, batch),
        ]);
        nextTurnAt = Math.min(nextTurnAt, performance.now() + batch.nextInMs);
        size = Math.min(maxBatchSize, size * 2);
        if (claimed === 0 && !hasNews && !isStopping()) await rest(restMs());
      } catch (err) {
        services.logger.error({ err, size }, 'Dispatching failed; it goes on');
        // One at a time, the entry that can't be dispatched shows itself, and shall not keep the others waiting.
        if (size === 1) {
          await deferNext(services, previous).catch((cause: unknown) =>
            services.logger.error({ err: cause }, 'The entry could not be put off; it is tried again'),
          );
        }
        size = 1;
        if (!isStopping()) await rest(pauseMs);
      }
    }
  }

  return {
    work,
    hear() {
      hasNews = true;
      wake();
    },
  };
}
