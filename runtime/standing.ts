import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { FlagOverrides } from '#core/flags.js';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { grants, members, organizations, roles } from '#db/schema/index.js';

/** What is to be known of a member and the organization, in one go: all rights follow from it. */
export const standingFields = {
  status: members.status,
  permissions: roles.permissions,
  role: roles.key,
  eraseAt: organizations.eraseAt,
  plan: organizations.plan,
  overrides: sql<FlagOverrides>`(SELECT coalesce(jsonb_object_agg(f.name, f.is_on), '{}')
    FROM organization_flags f WHERE f.org_id = ${organizations.id})`,
};

export type Standing = NonNullable<Awaited<ReturnType<typeof readStanding>>>;

/** How a person stands in an organization; undefined for one who never was in it. */
export async function readStanding(
  transaction: Transaction,
  { orgId, userId }: { orgId: string; userId: string },
) {
  const [row] = await transaction
    .select(standingFields)
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  return row;
}

/** Why somebody can't act by a person's rights; undefined where they can. */
export function membershipRefusal(person: Pick<Standing, 'status'> | undefined): AppError | undefined {
  if (person?.status === 'active') return undefined;
  return new AppError('forbidden', 'You are not an active member of this organization');
}

/**
 * Why nothing can be done in an organization: one that is deleted is for its owners, in person, while it can be restored.
 */
export function organizationRefusal(
  { role, eraseAt }: Pick<Standing, 'role' | 'eraseAt'>,
  isInPerson: boolean,
): AppError | undefined {
  if (eraseAt === null) return undefined;
  if (isInPerson && role === ownerRole && Date.parse(eraseAt) > Date.now()) return undefined;
  return new AppError(
    'forbidden',
    'This organization is deleted: only its owners can act in it, to restore it',
  );
}

/** True for a grant that has neither been revoked nor expired. */
export const isGrantValid = sql<boolean>`(${grants.revokedAt} IS NULL AND coalesce(${grants.expiresAt} > now(), true))`;

/** Why an automation can't act by its grant; undefined where it can. */
export function grantRefusal(
  grant: (Pick<Standing, 'status' | 'role' | 'eraseAt'> & { isGrantValid: boolean }) | undefined,
): AppError | undefined {
  const isGood = grant?.isGrantValid && !membershipRefusal(grant) && !organizationRefusal(grant, false);
  if (isGood) return undefined;
  return new AppError('forbidden', 'The grant of this automation has ended, or its publisher has left');
}
