import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { sessions } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import { Place } from '#runtime/places.js';

/** A session as its person sees it, and who administers the members. */
export const SessionInfo = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  methods: z.array(z.string()).describe('How its person proved who they are'),
  ip: z.string().nullable().describe('Of its last use'),
  place: Place.nullable().describe('Of that address; null where it is not known'),
  userAgent: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string().describe('When it last gave an access token'),
  authenticatedAt: z.string(),
  endsAt: z.string().describe('At the latest'),
  isCurrent: z.boolean().describe('It is the one that asks'),
});

/** Columns that SessionInfo shows. */
export const sessionFields = (actor: Actor) => ({
  id: sessions.id,
  userId: sessions.userId,
  methods: sessions.methods,
  ip: sessions.ip,
  userAgent: sessions.userAgent,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  authenticatedAt: sessions.authenticatedAt,
  endsAt: sessions.endsAt,
  isCurrent: sql<boolean>`${sessions.id} = ${actor.session?.id ?? null}::uuid`,
});

/** Sessions of a member that go on. Those of others are for who may change members: `forbidden` for anybody else. */
export function sessionsOf(actor: Actor, userId: string): SQL | undefined {
  if (userId !== actor.userId && !holdsPermission(actor, 'members:update')) {
    throw new AppError('forbidden', 'The sessions of others need the permission members:update');
  }
  return and(eq(sessions.orgId, actor.orgId), eq(sessions.userId, userId), isGoingOn);
}

/** Sessions that the actor may end. */
export function revocableSessions(actor: Actor): SQL | undefined {
  const seesAll = holdsPermission(actor, 'members:update');
  return and(eq(sessions.orgId, actor.orgId), seesAll ? undefined : eq(sessions.userId, actor.userId));
}

const isGoingOn = and(
  isNull(sessions.revokedAt),
  sql`least(${sessions.idleUntil}, ${sessions.endsAt}) > now()`,
);
