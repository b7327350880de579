import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { sessions } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { auditedPerson } from '../person-context.js';
import { parseRefreshToken } from './refresh-token.js';
import { lockSession, standingOf } from './session-of-token.js';

/** Ends the session of the cookie, for good, with the access tokens that it gave. Without one there is nothing to do. */
export const logOut: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.log_out',
  title: 'Log out',
  description: 'Ends the session of this browser.',
  effect: 'write',
  cookies: 'uses',
  http: { method: 'post', path: '/log-out', status: 204 },
  input: z.strictObject({}),
  output: z.object({}),
  async run({ services, cookies, requestId, origin }: PublicContext) {
    const token = cookies.get('session');
    const parsed = parseRefreshToken(token);
    cookies.drop('session');
    if (!parsed || token === undefined) return {};
    const { orgId, sessionId } = parsed;
    await services.database.withOrg(orgId, async (transaction) => {
      const session = await lockSession(transaction, parsed);
      if (!session?.isGoingOn) return;
      if (standingOf(services.tokenChain, { ...parsed, token }, session) === 'foreign') return;
      await transaction
        .update(sessions)
        .set({ revokedAt: sql`now()`, revokeReason: 'log_out' })
        .where(and(eq(sessions.orgId, orgId), eq(sessions.id, sessionId)));
      const details = { input: { id: sessionId }, output: undefined, requestId, origin };
      const audit = auditEntry(auditedPerson(orgId, session.userId), logOut, details);
      await writeRecords(transaction, { orgId, audit });
    });
    return {};
  },
});
