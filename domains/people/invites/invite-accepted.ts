import { causeOf, type NotificationKind } from '#core/notification.js';
import { memberJoined } from '#runtime/membership/join.js';

/** Somebody has come by the invite of a person. */
export const inviteAccepted: NotificationKind = {
  name: 'invite_accepted',
  title: 'Somebody joins by my invite',
  description: 'Whom you have invited, by mail or with a code, becomes a member.',
  defaults: { app: true, mail: false },
  causes: [
    causeOf(memberJoined, ({ id, userId, invitedBy }) =>
      invitedBy === null
        ? undefined
        : {
            to: { users: [invitedBy] },
            subjectId: id,
            title: '{person} joined by your invite',
            personId: userId,
            path: '/settings/members',
          },
    ),
  ],
};
