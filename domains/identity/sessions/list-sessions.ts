import { and } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { sessions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { SessionInfo, sessionFields, sessionsOf } from './session-info.js';

const sorts = { createdAt: byColumn(sessions.createdAt), lastUsedAt: byColumn(sessions.lastUsedAt) };

/** A page of the devices on which a person is signed in to the organization. Throws `forbidden`. */
export const listSessions = defineAction({
  name: 'sessions.list',
  title: 'List sessions',
  description: 'Lists where you are signed in, or where a member is if you administer members.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/sessions' },
  input: z.strictObject({
    ...pageInput(sorts, '-lastUsedAt'),
    userId: z.uuid().optional().describe('Whose; your own unless given'),
  }),
  output: pageOutput(SessionInfo),
  async run({ db, actor, services }: DomainContext, { userId = actor.userId, ...request }) {
    const page = openPage(sorts, sessions.id, request);
    const rows = await db
      .select({ ...sessionFields(actor), ...page.fields })
      .from(sessions)
      .where(and(sessionsOf(actor, userId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows.map((row) => ({ ...row, place: services.places.placeOf(row.ip) })));
  },
});
