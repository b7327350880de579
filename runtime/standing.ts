import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import { type FlagName, flagsOff } from '#core/flags.js';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { grants, members, organizations, roles } from '#db/schema/index.js';
import { organizationFields } from './organization-fields.js';
import { type Suspension, suspensionRefusal } from './suspension.js';

/** What is to be known of a member and the organization, in one go: all rights follow from it. */
export const standingFields = {
  status: members.status,
  permissions: roles.permissions,
  role: roles.key,
  ...organizationFields,
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

/** What a person may do, by their role, at one moment. */
export interface Rights {
  permissions: string[];
  /** Key of the role. */
  role: string;
  off: FlagName[];
}

/** The rights that follow from how somebody stands in the organization. */
export function rightsBy({ permissions, role, plan, overrides, imposed }: Standing): Rights {
  return { permissions, role, off: flagsOff(plan, overrides, imposed) };
}

/** Why somebody can't act by a person's rights; undefined where they can. */
export function membershipRefusal(person: Pick<Standing, 'status'> | undefined): AppError | undefined {
  if (person?.status === 'active') return undefined;
  return new AppError('forbidden', 'You are not an active member of this organization');
}

type InOrganization = Pick<Standing, 'role' | 'eraseAt'> & Suspension;

/** Why nothing can be done in an organization: it is deleted, or suspended. */
export function organizationRefusal(standing: InOrganization, isInPerson: boolean): AppError | undefined {
  return deletionRefusal(standing, isInPerson) ?? suspensionRefusal(standing);
}

/** One that is deleted is for its owners, in person, while it can be restored. */
function deletionRefusal(
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
  grant: (Pick<Standing, 'status'> & InOrganization & { isGrantValid: boolean }) | undefined,
): AppError | undefined {
  const isGood = grant?.isGrantValid && !membershipRefusal(grant) && !deletionRefusal(grant, false);
  if (isGood) return suspensionRefusal(grant);
  return new AppError('forbidden', 'The grant of this automation has ended, or its publisher has left');
}
