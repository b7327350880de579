import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { notifications } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Notification, notificationFields } from './notification.js';

const sorts = { at: byColumn(notifications.at) };

/** A page of what the caller was told, newest first. */
export const listNotifications = defineAction({
  name: 'notifications.list',
  title: 'List notifications',
  description: 'Lists what you were told in this organization, newest first.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/notifications' },
  input: z.strictObject({
    ...pageInput(sorts, '-at'),
    unread: z.stringbool().or(z.boolean()).default(false).describe('Only what was not read'),
  }),
  output: pageOutput(Notification),
  async run({ db, actor }: DomainContext, { unread, ...request }) {
    const page = openPage(sorts, notifications.id, request);
    const rows = await db
      .select({ ...notificationFields, ...page.fields })
      .from(notifications)
      .where(
        and(
          eq(notifications.orgId, actor.orgId),
          eq(notifications.userId, actor.userId),
          unread ? isNull(notifications.readAt) : undefined,
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
