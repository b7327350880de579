import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roles, supportGrants, supportVisits } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import { requireGrantable } from '#runtime/membership/may-grant.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { titleField } from '#runtime/resource/text-field.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { maxOpenGrants } from '../organizations/tenant.js';
import { grantFields, grantStatus, grantStatuses, roleOfGrant, SupportGrant } from './support-grant.js';

/**
 * Lets the platform's people into the organization, for some hours and within a role that the granter holds. Throws
 * `validation` naming `roleId`, and `conflict` where too many such grants are open.
 */
export const grantSupportAccess = defineAction({
  name: 'support_access.grant',
  title: 'Grant support access',
  description:
    'Lets the people who run the platform in to help, to read, or within a role of yours, for up to 72 hours.',
  permission: 'support_access:grant',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/support-access', status: 201 },
  input: z.strictObject({
    reason: titleField(500),
    roleId: z.uuid().optional().describe('What support may do at most; to read only unless given'),
    hours: z.int().min(1).max(72),
  }),
  output: SupportGrant,
  emits: ['security.support_access'],
  async run(context: DomainContext, { reason, roleId, hours }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    const present = await lockPeople(context, grantSupportAccess);
    if (roleId !== undefined) {
      const role = await findRole(db, orgId, roleId);
      if (role.key === ownerRole) throw invalidField({ path: 'roleId', message: 'is not given to support' });
      requireGrantable(present, role, 'roleId');
    }
    const isOpen = and(
      eq(supportGrants.orgId, orgId),
      isNull(supportGrants.revokedAt),
      gt(supportGrants.expiresAt, sql`now()`),
    );
    if ((await db.$count(supportGrants, isOpen)) >= maxOpenGrants) {
      throw new AppError('conflict', `${maxOpenGrants} grants are open already: revoke one first`);
    }
    const [made] = await db
      .insert(supportGrants)
      .values({
        orgId,
        reason,
        roleId: roleId ?? null,
        grantedBy: actor.userId,
        expiresAt: sql`now() + make_interval(hours => ${hours})`,
      })
      .returning({ id: supportGrants.id });
    if (!made) throw new AppError('internal', 'The grant was not written');
    const grant = await readGrant(db, orgId, made.id);
    audit({ after: { reason, role: grant.role?.key ?? null, expiresAt: grant.expiresAt } });
    const details = { change: 'granted', grantId: grant.id, role: grant.role?.key ?? 'read' };
    await noteSecurityEvent(context, { kind: 'support_access', userId: actor.userId, details });
    return grant;
  },
});

/** Ends a grant and every visit by it, at once. One that has ended stays as it is. Throws `not_found`. */
export const revokeSupportAccess = defineAction({
  name: 'support_access.revoke',
  title: 'Revoke support access',
  description: 'Puts support out at once. Grant it anew to undo this.',
  permission: 'support_access:revoke',
  effect: 'destroy',
  http: { method: 'post', path: '/support-access/:id/revoke' },
  input: z.strictObject({ id: z.uuid() }),
  output: SupportGrant,
  emits: ['security.support_access'],
  async run(context: DomainContext, { id }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    const [ended] = await db
      .update(supportGrants)
      .set({ revokedAt: sql`now()`, revokedBy: actor.userId })
      .where(
        and(
          eq(supportGrants.orgId, orgId),
          eq(supportGrants.id, id),
          isNull(supportGrants.revokedAt),
          gt(supportGrants.expiresAt, sql`now()`),
        ),
      )
      .returning({ id: supportGrants.id });
    if (ended) {
      await db
        .update(supportVisits)
        .set({ endedAt: sql`now()` })
        .where(
          and(eq(supportVisits.orgId, orgId), eq(supportVisits.grantId, id), isNull(supportVisits.endedAt)),
        );
      audit({ before: { status: 'open' }, after: { status: 'revoked' } });
      const details = { change: 'revoked', grantId: id };
      await noteSecurityEvent(context, { kind: 'support_access', userId: actor.userId, details });
    }
    return readGrant(db, orgId, id);
  },
});

const sorts = { createdAt: byColumn(supportGrants.createdAt) };

/** A page of what was granted to support, ended grants included. */
export const listSupportAccess = defineAction({
  name: 'support_access.list',
  title: 'List support access',
  description: 'Lists when support was let in, why and by whom, and how often it came.',
  permission: 'support_access:read',
  effect: 'read',
  http: { method: 'get', path: '/support-access' },
  input: z.strictObject({
    status: z.enum(grantStatuses).optional(),
    ...pageInput(sorts, '-createdAt'),
  }),
  output: pageOutput(SupportGrant),
  async run({ db, actor }: DomainContext, { status, ...request }) {
    const page = openPage(sorts, supportGrants.id, request);
    const isWanted = status === undefined ? undefined : eq(grantStatus, status);
    const rows = await db
      .select({ ...grantFields, ...page.fields })
      .from(supportGrants)
      .leftJoin(roles, roleOfGrant)
      .where(and(eq(supportGrants.orgId, actor.orgId), isWanted, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

async function findRole(db: Transaction, orgId: string, id: string) {
  const [role] = await db
    .select({ key: roles.key, permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.orgId, orgId), eq(roles.id, id), isNull(roles.deletedAt)));
  if (!role) throw invalidField({ path: 'roleId', message: 'is no role of the organization' });
  return role;
}

async function readGrant(db: Transaction, orgId: string, id: string) {
  const [grant] = await db
    .select(grantFields)
    .from(supportGrants)
    .leftJoin(roles, roleOfGrant)
    .where(and(eq(supportGrants.orgId, orgId), eq(supportGrants.id, id)));
  if (!grant) throw new AppError('not_found', 'There is no such grant');
  return grant;
}
