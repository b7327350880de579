import { causeOf, endOf, type NotificationKind } from '#core/notification.js';
import { runFailed } from '#runtime/runs/run-failed.js';
import { approvalRequested } from '#runtime/waits/open-wait.js';
import { approvalDecided } from './events.js';

/** A run waits for the decision of a person. Its mails have links by which to decide. */
export const approvalWaits: NotificationKind = {
  name: 'approval_requested',
  title: 'An approval waits for me',
  description: 'A run of an automation goes on only when you, or others who may, have decided.',
  defaults: { app: true, mail: true },
  hasOwnMail: true,
  causes: [
    causeOf(approvalRequested, ({ id, title, users, roles }) => ({
      to: { users, roles, permission: 'approvals:decide' },
      subjectId: id,
      title: `Approval needed: ${title}`,
      path: '/inbox',
    })),
  ],
  ends: [endOf(approvalDecided, ({ id }) => id)],
};

/** Runs of a person's automation fail. How often they are mailed is a setting of the automation. */
export const ownRunFailed: NotificationKind = {
  name: 'run_failed',
  title: 'A run of my automation fails',
  description: 'An automation that you own ended with an error. Several failures are told as one.',
  defaults: { app: true, mail: true },
  hasOwnMail: true,
  causes: [
    causeOf(runFailed, ({ runId, automationId, name, ownerId }) => ({
      to: { users: [ownerId] },
      subjectId: automationId,
      title: `${name} failed`,
      path: `/runs/${runId}`,
    })),
  ],
};
