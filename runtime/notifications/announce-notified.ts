import { type Hub, hubTopic } from '../hub/hub.js';

/** Wakes the live views of people whose notifications have changed; to be called after the commit. */
export function announceNotified(hub: Hub, orgId: string, userIds: readonly string[]): void {
  for (const userId of userIds)
    hub.publish(hubTopic.notifications(orgId, userId), { type: 'notifications', id: userId });
}
