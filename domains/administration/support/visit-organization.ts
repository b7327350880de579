import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { supportGrants, supportVisits } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { noteSecurityEvent } from '#runtime/security-events.js';

const Visit = z.object({
  id: z.uuid(),
  grantId: z.uuid(),
  isReadOnly: z.boolean(),
  expiresAt: z.iso.datetime().describe('Of the grant: then the visit ends'),
  accessToken: z.string().describe('Send it as Authorization: Bearer …; enter again for the next one'),
  expiresInSeconds: z.int(),
});

/**
 * Lets a super-user into an organization that has granted it, for as long as the grant is open and they are signed in to
 * the platform. Throws `not_found` for a grant that is not open, whosever it is.
 */
export const enterOrganization = defineAction({
  name: 'support.enter',
  title: 'Enter organization',
  description: 'Opens a visit to an organization that has granted support access. Its owners are told.',
  permission: 'platform:support',
  effect: 'write',
  isInOrganization: true,
  needsRecentSignIn: true,
  holdsSecret: true,
  emits: ['security.support_access'],
  http: {
    method: 'post',
    path: '/platform/organizations/:organizationId/support/:grantId/enter',
    status: 201,
  },
  input: z.strictObject({ organizationId: z.uuid(), grantId: z.uuid() }),
  output: Visit,
  async run(context: DomainContext, { grantId }) {
    const { db, actor, services, audit } = context;
    const { orgId, id: userId, session } = actor;
    if (!session) throw new AppError('forbidden', 'There is no session on the platform');
    const isOpen = and(
      eq(supportGrants.orgId, orgId),
      eq(supportGrants.id, grantId),
      isNull(supportGrants.revokedAt),
      gt(supportGrants.expiresAt, sql`now()`),
    );
    // Who revokes it at the same time waits, and then ends this visit too.
    const [grant] = await db
      .select({ roleId: supportGrants.roleId, expiresAt: supportGrants.expiresAt })
      .from(supportGrants)
      .where(isOpen)
      .for('share');
    if (!grant) throw new AppError('not_found', 'There is no such grant, or it has ended');
    const [visit] = await db
      .insert(supportVisits)
      .values({ orgId, grantId, userId, platformSessionId: session.id })
      .returning({ id: supportVisits.id });
    if (!visit) throw new AppError('internal', 'The visit was not written');
    audit({ after: { grantId, visitId: visit.id } });
    const details = { change: 'entered', grantId, visitId: visit.id };
    await noteSecurityEvent(context, { kind: 'support_access', userId: null, details });
    const { accessTokens } = services;
    return {
      id: visit.id,
      grantId,
      isReadOnly: grant.roleId === null,
      expiresAt: grant.expiresAt,
      accessToken: await accessTokens.issue({ userId, orgId, sessionId: visit.id, isOfSupport: true }),
      expiresInSeconds: accessTokens.lifetimeSeconds,
    };
  },
});

/** Ends a visit of one's own, at once; again does nothing more. Throws `not_found`. */
export const leaveOrganization = defineAction({
  name: 'support.leave',
  title: 'Leave organization',
  description: 'Ends a visit of yours.',
  permission: 'platform:support',
  effect: 'write',
  isInOrganization: true,
  http: { method: 'post', path: '/platform/organizations/:organizationId/support/visits/:id/leave' },
  input: z.strictObject({ organizationId: z.uuid(), id: z.uuid() }),
  output: z.object({ id: z.uuid(), endedAt: z.iso.datetime() }),
  async run({ db, actor }: DomainContext, { id }) {
    const [left] = await db
      .update(supportVisits)
      .set({ endedAt: sql`coalesce(${supportVisits.endedAt}, now())` })
      .where(
        and(
          eq(supportVisits.orgId, actor.orgId),
          eq(supportVisits.id, id),
          eq(supportVisits.userId, actor.id),
        ),
      )
      .returning({ id: supportVisits.id, endedAt: sql<string>`${supportVisits.endedAt}` });
    if (!left) throw new AppError('not_found', 'There is no such visit of yours');
    return left;
  },
});
