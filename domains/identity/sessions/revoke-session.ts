import { and, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { sessions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { endSessions } from './end-sessions.js';
import { revocableSessions, SessionInfo, sessionFields, sessionsOf } from './session-info.js';

const revoked = {
  revokedAt: sql`coalesce(${sessions.revokedAt}, now())`,
  revokeReason: sql`coalesce(${sessions.revokeReason}, 'revoked')`,
};

/** Ends a session at once and for good, with its access tokens; again does nothing more. Throws `not_found`. */
export const revokeSession = defineAction({
  name: 'sessions.revoke',
  title: 'End a session',
  description: 'Signs a device out, at once.',
  permission: 'self',
  effect: 'destroy',
  http: { method: 'delete', path: '/sessions/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: SessionInfo,
  async run({ db, actor, services }: DomainContext, { id }) {
    const [ended] = await db
      .update(sessions)
      .set(revoked)
      .where(and(revocableSessions(actor), eq(sessions.id, id)))
      .returning(sessionFields(actor));
    if (!ended) throw new AppError('not_found', 'There is no such session');
    return { ...ended, place: services.places.placeOf(ended.ip) };
  },
});

/** Ends all sessions of a person here, or of oneself everywhere, but the one that asks. Throws `forbidden`. */
export const revokeAllSessions = defineAction({
  name: 'sessions.revoke_all',
  title: 'End all other sessions',
  description:
    'Signs all of your devices out but this one, or all devices of a member if you administer members.',
  permission: 'self',
  effect: 'destroy',
  http: { method: 'post', path: '/sessions/revoke-all' },
  input: z.strictObject({
    userId: z.uuid().optional().describe('Whose; your own unless given'),
    everywhere: z.boolean().default(false).describe('Of your own: in all of your organizations'),
  }),
  output: z.object({ ended: z.int() }),
  async run({ db, actor }: DomainContext, { userId = actor.userId, everywhere }) {
    const current = actor.session?.id;
    if (everywhere && userId !== actor.userId) {
      throw new AppError('forbidden', 'In other organizations you can end your own sessions only');
    }
    if (everywhere) return { ended: await endSessions(db, userId, { reason: 'revoked', except: current }) };
    const ended = await db
      .update(sessions)
      .set(revoked)
      .where(and(sessionsOf(actor, userId), current === undefined ? undefined : ne(sessions.id, current)))
      .returning({ id: sessions.id });
    return { ended: ended.length };
  },
});
