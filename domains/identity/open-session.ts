import { and, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { logInDays } from '#core/retention.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { logIns, sessions } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { CookieJar } from '#runtime/cookie-jar.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { dispatchChannel, type OutboxEvent, timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import type { RequestOrigin } from '#runtime/request-origin.js';
import { recordSecurityEvent } from '#runtime/security-events.js';
import type { Services } from '#runtime/services.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { hashToken } from './bound-token.js';
import { newDevice } from './events.js';
import { deviceHash, isNewPlace, rememberDevice } from './known-device.js';
import { newDeviceMail } from './new-device-mail.js';
import { auditedPerson, enterUser } from './person-context.js';
import type { Session } from './session.js';
import { readMember } from './sessions/read-member.js';
import { makeRefreshToken, parseRefreshToken } from './sessions/refresh-token.js';
import { readSignInRules } from './sessions/sign-in-rules.js';
import { isOfProvider } from './sso/require-provider.js';

/** A person who has proven who they are, at the door of an organization. */
export interface Entrance {
  orgId: string;
  userId: string;
  /** How they have proven it. */
  methods: readonly SignInMethod[];
  origin: RequestOrigin;
  /** Gets the refresh token, and the device cookie if the browser has none. */
  cookies: CookieJar;
  /** By which they came, for the audit log. */
  action: ActionDescription;
  requestId?: string | undefined;
  /** When they have proven it, ISO 8601; now unless given. The session lasts from then on. */
  authenticatedAt?: string;
}

export interface OpenedSession {
  id: string;
  /** What the person gets as JSON. The refresh token is in the cookies only. */
  session: z.output<typeof Session>;
  /** To be called after the commit: wakes those who wait for the events. */
  announce(): void;
}

const maxSessions = 100;

/**
 * The one way in, whatever the proof was: opens a session in a transaction of the caller's, with a fresh refresh token,
 * ends the session that the browser had before, writes login history, audit entry and, from a new device, the event
 * `security.new_device` and a mail. It asks for nothing more: whether the organization's rules are met is said by
 * `unmetDemand`. The person must be an active member: who is not, is refused with `forbidden`.
 */
export async function openSession(
  services: Services,
  transaction: Transaction,
  entrance: Entrance,
): Promise<OpenedSession> {
  const { orgId, userId, methods, origin, cookies, action, requestId } = entrance;
  const authenticatedAt = sql<string>`coalesce(${entrance.authenticatedAt ?? null}::timestamptz, now())`;
  await enterUser(transaction, userId);
  await endReplacedSession(transaction, cookies);
  await enterOrg(transaction, orgId);
  const member = await readMember(transaction, orgId, userId);
  if (!member) throw new AppError('forbidden', 'You are not an active member of this organization');
  const { user, organization } = member;
  const rules = await readSignInRules(transaction, orgId);
  const id = timeOrderedId();
  const refreshToken = makeRefreshToken(orgId, id);
  const isNewDevice = await isNewPlace(transaction, userId, { origin, hash: deviceHash(cookies) });
  await transaction.insert(sessions).values({
    orgId,
    id,
    userId,
    secretHash: hashToken(refreshToken),
    methods: [...methods],
    ip: origin.ip,
    userAgent: origin.userAgent,
    authenticatedAt,
    idleUntil: sql`now() + make_interval(mins => ${rules.idleMinutes})`,
    endsAt: sql`${authenticatedAt} + make_interval(hours => ${rules.absoluteHours})`,
  });
  await endOldSessions(transaction, orgId, userId);
  await rememberDevice(transaction, userId, cookies);
  await transaction.insert(logIns).values({
    ...origin,
    userId,
    outcome: 'succeeded',
    methods: [...methods],
    organizationId: orgId,
    isNewDevice,
  });
  await transaction
    .delete(logIns)
    .where(and(eq(logIns.userId, userId), lt(logIns.at, sql`now() - make_interval(days => ${logInDays})`)));
  const events = isNewDevice ? [newDeviceEvent(entrance, id)] : [];
  const actor = {
    ...auditedPerson(orgId, userId),
    session: { id, isRecent: true, isOwnProof: !methods.every(isOfProvider), hasSecondFactor: false },
  };
  const audit = auditEntry(actor, action, {
    input: { id: orgId },
    output: undefined,
    requestId,
    origin,
  });
  const { queued } = await writeRecords(transaction, { orgId, audit, events });
  const place = services.places.placeOf(origin.ip);
  const mails = isNewDevice ? [newDeviceMail(user, organization, { origin, place, sessionId: id })] : [];
  if (isNewDevice) {
    const details = { sessionId: id };
    await recordSecurityEvent(services, transaction, { orgId, kind: 'new_device', userId, origin, details });
  }
  const mailed = await writeMails(services, transaction, orgId, mails);
  cookies.keep('session', refreshToken, rules.absoluteHours * 3600);
  const accessToken = await services.accessTokens.issue({ userId, orgId, sessionId: id });
  return {
    id,
    session: { accessToken, expiresInSeconds: services.accessTokens.lifetimeSeconds, user, organization },
    announce() {
      for (const event of events) {
        services.hub.publish(hubTopic.events(orgId), { type: 'event', id: event.id });
      }
      if (queued + mailed.queued > 0) services.hub.publish(dispatchChannel, { type: 'event', id });
    },
  };
}

/** The browser is about to forget the token of the session that it had: nobody could end that one any more. */
async function endReplacedSession(transaction: Transaction, cookies: CookieJar): Promise<void> {
  const token = cookies.get('session');
  const parsed = parseRefreshToken(token);
  if (!parsed || token === undefined) return;
  const hash = hashToken(token);
  await enterOrg(transaction, parsed.orgId);
  await transaction
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokeReason: 'replaced' })
    .where(
      and(
        eq(sessions.orgId, parsed.orgId),
        eq(sessions.id, parsed.sessionId),
        or(eq(sessions.secretHash, hash), eq(sessions.previousHash, hash)),
        isNull(sessions.revokedAt),
      ),
    );
}

/** Of one person in one organization a hundred sessions may be open; those that ended 90 days ago are forgotten. */
async function endOldSessions(transaction: Transaction, orgId: string, userId: string): Promise<void> {
  const own = and(eq(sessions.orgId, orgId), eq(sessions.userId, userId));
  const surplus = transaction
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(own, isNull(sessions.revokedAt)))
    .orderBy(desc(sessions.createdAt))
    .offset(maxSessions);
  await transaction
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokeReason: 'surplus' })
    .where(and(own, inArray(sessions.id, surplus)));
  const ended = sql`least(${sessions.revokedAt}, ${sessions.idleUntil}, ${sessions.endsAt})`;
  await transaction.delete(sessions).where(and(own, lt(ended, sql`now() - interval '90 days'`)));
}

function newDeviceEvent({ userId, methods, origin }: Entrance, sessionId: string): OutboxEvent {
  const { ip, userAgent } = origin;
  const payload = newDevice.payload.parse({ userId, sessionId, ip, userAgent, methods });
  return { id: timeOrderedId(), type: newDevice.type, payload, runId: null, depth: 0 };
}
