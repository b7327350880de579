import { AppError } from '#core/errors.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { cancelUnfinished } from '#runtime/runs/cancel-run.js';
import type { Services } from '#runtime/services.js';
import { closeWait } from '#runtime/waits/close-wait.js';
import { noticeApproval } from '#runtime/waits/notice-approval.js';
import { openRunWait } from '#runtime/waits/open-run-wait.js';
import { openWait } from '#runtime/waits/open-wait.js';
import type { AutomationActivities } from './automation-activities.js';

/** What steps need that wait for an event, for people, or for another run. */
export function createWaitActivities(
  services: Services,
): Pick<AutomationActivities, 'openWait' | 'noticeApproval' | 'openRunWait' | 'closeWait'> {
  const { database, files, hub } = services;
  return {
    async openWait(opening) {
      const { id, isOver, announce } = await database.withOrg(opening.orgId, (transaction) =>
        openWait(services, transaction, opening),
      );
      announce(hub);
      return { waitId: id, isOver };
    },
    async noticeApproval({ orgId, waitId, notice }) {
      const { queued } = await database.withOrg(orgId, (transaction) =>
        noticeApproval(services, transaction, { orgId, id: waitId, notice }),
      );
      if (queued > 0) hub.publish(dispatchChannel, { type: 'mail', id: waitId });
    },
    openRunWait: (opening) =>
      database.withOrg(opening.orgId, (transaction) => openRunWait(transaction, opening)),
    async closeWait({ orgId, waitId, as }) {
      const { end, tellAbandoned } = await database.withOrg(orgId, async (transaction) => {
        const closed = await closeWait(files(orgId, transaction).withoutQuota, transaction, waitId, as);
        const id = closed.abandonedRunId;
        const tell = id && (await cancelUnfinished(transaction, services, { orgId, id }));
        return { end: closed.end, tellAbandoned: tell || undefined };
      });
      await tellAbandoned?.().catch(ignoreEnded);
      return end;
    },
  };
}

/** The run has ended meanwhile. Anything else is tried again with the whole. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
}
