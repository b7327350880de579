import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';

/** Counting further tells nobody anything. */
const maxCounted = 100;

export const countUnread = defineAction({
  name: 'notifications.count_unread',
  title: 'Count unread notifications',
  description: `Counts what you were told in this organization and have not read, up to ${maxCounted}.`,
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/notifications/unread' },
  input: z.strictObject({}),
  output: z.object({
    unread: z.int(),
    latestAt: z.string().nullable().describe('When the newest of them was noticed'),
  }),
  async run({ db, actor }: DomainContext) {
    const [row] = await db.execute<{ unread: number; latest_at: string | null }>(sql`
      SELECT count(*)::integer AS unread, to_json(max(at)) #>> '{}' AS latest_at FROM (
        SELECT at FROM notifications
        WHERE org_id = ${actor.orgId}::uuid AND user_id = ${actor.userId}::uuid AND read_at IS NULL
        LIMIT ${maxCounted}) AS unread`);
    return { unread: row?.unread ?? 0, latestAt: row?.latest_at ?? null };
  },
});
