import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { AppError } from '#core/errors.js';
import { flagsOff } from '#core/flags.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, organizations, roles, supportGrants, supportVisits } from '#db/schema/index.js';
import type { Actor, Caller } from '../caller.js';
import { organizationFields } from '../organization-fields.js';

const grantedRoles = alias(roles, 'granted_roles');

/**
 * What support may do at this moment: what the grant says, within the present rights of who gave it, for as long as the
 * super-user is one and is signed in to the platform. Throws `unauthenticated` when any of that has ended.
 */
export async function resolveSupport(
  transaction: Transaction,
  { orgId, userId, visitId }: Extract<Caller, { kind: 'support' }>,
): Promise<Actor> {
  const [row] = await transaction
    .select({
      grantId: supportGrants.id,
      roleId: supportGrants.roleId,
      grantedBy: supportGrants.grantedBy,
      permissions: roles.permissions,
      granted: grantedRoles.permissions,
      role: grantedRoles.key,
      ...organizationFields,
    })
    .from(supportVisits)
    .innerJoin(
      supportGrants,
      and(eq(supportGrants.orgId, supportVisits.orgId), eq(supportGrants.id, supportVisits.grantId)),
    )
    .innerJoin(
      members,
      and(
        eq(members.orgId, supportGrants.orgId),
        eq(members.userId, supportGrants.grantedBy),
        eq(members.status, 'active'),
      ),
    )
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, supportGrants.orgId))
    .leftJoin(
      grantedRoles,
      and(
        eq(grantedRoles.orgId, supportGrants.orgId),
        eq(grantedRoles.id, supportGrants.roleId),
        isNull(grantedRoles.deletedAt),
      ),
    )
    .where(
      and(
        eq(supportVisits.orgId, orgId),
        eq(supportVisits.id, visitId),
        eq(supportVisits.userId, userId),
        isNull(supportVisits.endedAt),
        isNull(supportGrants.revokedAt),
        gt(supportGrants.expiresAt, sql`now()`),
        isNull(organizations.eraseAt),
        sql`is_platform_session(${supportVisits.userId}, ${supportVisits.platformSessionId})`,
      ),
    );
  if (!row) throw new AppError('unauthenticated', 'The access that was granted to support has ended');
  const isReadOnly = row.roleId === null;
  return {
    orgId,
    kind: 'support',
    id: userId,
    userId: row.grantedBy,
    off: flagsOff(row.plan, row.overrides, row.imposed),
    permissions: row.permissions,
    scopes: isReadOnly ? ['*'] : (row.granted ?? []),
    runId: null,
    depth: 0,
    via: `support_grant:${row.grantId}`,
    support: { grantId: row.grantId, visitId, isReadOnly },
    ...(row.role !== null && { role: row.role }),
  };
}
