import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { notifications } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { announceNotified } from '#runtime/notifications/announce-notified.js';

const Marked = z.object({ marked: z.int().describe('How many were not read before') });

/** Marks some of the caller's notifications as read; those of others, and what was read before, are left out. */
export const markRead = defineAction({
  name: 'notifications.mark_read',
  title: 'Mark notifications as read',
  description: 'Marks some of what you were told as read.',
  permission: 'self',
  effect: 'write',
  http: { method: 'post', path: '/notifications/read' },
  input: z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }),
  output: Marked,
  run: (context: DomainContext, { ids }) => mark(context, inArray(notifications.id, ids)),
});

/** Marks all of the caller's notifications as read that were noticed until a moment. */
export const markAllRead = defineAction({
  name: 'notifications.mark_all_read',
  title: 'Mark all notifications as read',
  description: 'Marks all that you were told as read. What comes meanwhile stays as it is.',
  permission: 'self',
  effect: 'write',
  http: { method: 'post', path: '/notifications/read-all' },
  input: z.strictObject({
    until: z.iso.datetime({ offset: true }).describe('`at` of the newest that you have seen'),
  }),
  output: Marked,
  // Moments are told in whole milliseconds.
  run: (context: DomainContext, { until }) =>
    mark(context, sql`date_trunc('milliseconds', ${notifications.at}) <= ${until}::timestamptz`),
});

async function mark({ db, actor, services, afterCommit }: DomainContext, which: SQL) {
  const { orgId, userId } = actor;
  const own = and(eq(notifications.orgId, orgId), eq(notifications.userId, userId));
  const marked = await db
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(and(own, which, isNull(notifications.readAt)))
    .returning({ id: notifications.id });
  if (marked.length > 0) afterCommit(() => announceNotified(services.hub, orgId, [userId]));
  return { marked: marked.length };
}
