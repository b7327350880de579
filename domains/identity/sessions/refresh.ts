import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import type { Transaction } from '#db/client.js';
import { sessions } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { dispatchChannel, timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { readSignInRules } from '#runtime/sign-in/sign-in-rules.js';
import { hashToken } from '../bound-token.js';
import { sessionReused } from '../events.js';
import { auditedPerson } from '../person-context.js';
import { Session } from '../session.js';
import { readMember } from './read-member.js';
import { makeRefreshToken } from './refresh-token.js';
import {
  lockSession,
  type ParsedRefreshToken,
  readRefreshToken,
  sessionOver,
  standingOf,
} from './session-of-token.js';

/**
 * Gives the next access token, and replaces the refresh token (RFC 9700, 4.14.2). A token that comes again within ten
 * seconds gets the same successor; one that comes later ends the session, for one of two holders has a copy.
 */
export const refresh: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.refresh',
  title: 'Refresh the session',
  description: 'Exchanges the session cookie for a new access token and a new cookie.',
  effect: 'write',
  cookies: 'uses',
  emits: ['security.session_reused'],
  http: { method: 'post', path: '/session/refresh' },
  input: z.strictObject({}),
  output: Session,
  async run(context: PublicContext) {
    const { services, cookies } = context;
    // Whatever is wrong with it, the browser need not send it again.
    cookies.drop('session');
    const token = readRefreshToken(cookies.get('session'));
    const outcome = await services.database.withOrg(token.orgId, (transaction) =>
      refreshSession(context, transaction, token),
    );
    if (!outcome) throw sessionOver();
    if ('reused' in outcome) {
      services.hub.publish(hubTopic.events(token.orgId), { type: 'event', id: outcome.reused });
      services.hub.publish(dispatchChannel, { type: 'event', id: outcome.reused });
      throw sessionOver();
    }
    const { refreshToken, maxAgeSeconds, userId, user, organization } = outcome;
    cookies.keep('session', refreshToken, maxAgeSeconds);
    const { orgId, sessionId } = token;
    const accessToken = await services.accessTokens.issue({ userId, orgId, sessionId });
    return { accessToken, expiresInSeconds: services.accessTokens.lifetimeSeconds, user, organization };
  },
});

async function refreshSession(context: PublicContext, transaction: Transaction, token: ParsedRefreshToken) {
  const { services, origin } = context;
  const { orgId, sessionId } = token;
  const session = await lockSession(transaction, token);
  if (!session?.isGoingOn) return undefined;
  const standing = standingOf(services.tokenChain, token, session);
  if (standing === 'foreign') return undefined;
  if (standing === 'replaced') return endReusedSession(context, transaction, session);
  const member = await readMember(transaction, orgId, session.userId);
  if (!member) return undefined;

  const refreshToken = makeRefreshToken(orgId, sessionId, services.tokenChain.next(token.secret));
  const rules = await readSignInRules(transaction, orgId);
  const [updated] = await transaction
    .update(sessions)
    .set({
      lastUsedAt: sql`now()`,
      idleUntil: sql`now() + make_interval(mins => ${rules.idleMinutes})`,
      ip: origin.ip,
      userAgent: origin.userAgent,
      ...(standing === 'present' && {
        secretHash: hashToken(refreshToken),
        previousHash: session.secretHash,
        rotatedAt: sql`now()`,
        rotations: sql`${sessions.rotations} + 1`,
      }),
    })
    .where(and(eq(sessions.orgId, orgId), eq(sessions.id, sessionId)))
    .returning({ maxAgeSeconds: sql<number>`ceil(extract(epoch FROM ${sessions.endsAt} - now()))::integer` });
  return { refreshToken, maxAgeSeconds: updated?.maxAgeSeconds ?? 0, userId: session.userId, ...member };
}

/** Ends the session in the transaction that saw the token again, and tells of it. */
async function endReusedSession(
  { origin, requestId }: PublicContext,
  transaction: Transaction,
  { orgId, id: sessionId, userId }: { orgId: string; id: string; userId: string },
) {
  await transaction
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokeReason: 'reuse' })
    .where(and(eq(sessions.orgId, orgId), eq(sessions.id, sessionId)));
  const { ip, userAgent } = origin;
  const payload = sessionReused.payload.parse({ userId, sessionId, ip, userAgent });
  const event = { id: timeOrderedId(), type: sessionReused.type, payload, runId: null, depth: 0 };
  const audit = auditEntry(auditedPerson(orgId, userId), refresh, {
    input: { id: sessionId },
    output: undefined,
    requestId,
    origin,
  });
  await writeRecords(transaction, { orgId, audit, events: [event] });
  return { reused: event.id };
}
