import { and, count, eq, sql } from 'drizzle-orm';
import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, organizations, roles } from '#db/schema/index.js';
import { gatesBeforeInput, pass } from '../authorize.js';
import type { Actor } from '../caller.js';
import type { DomainContext } from '../domain.js';
import { rightsOf } from '../resolve-actor.js';

/**
 * Until the transaction ends, nobody else changes who is a member and with which role. Returns the actor with the rights
 * that they have now that everybody before them is through: whoever was demoted a moment ago demotes nobody any more.
 * Throws `forbidden` if the action is beyond those.
 */
export async function lockPeople({ db, actor }: DomainContext, action: ActionDescription): Promise<Actor> {
  await lockOrganization(db, actor.orgId);
  const { permissions, role } = await rightsOf(db, actor);
  const present: Actor = { ...actor, permissions, ...(actor.role !== undefined && { role }) };
  pass(gatesBeforeInput, present, action);
  return present;
}

/** Throws `conflict` if the organization has no active owner left. To be called after the change, under the lock. */
export async function requireOwnerLeft(db: Transaction, orgId: string): Promise<void> {
  const [row] = await db
    .select({ owners: count() })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(isActiveOwner(orgId));
  if (row?.owners === 0) {
    throw new AppError('conflict', 'This is the last owner: make somebody else an owner first');
  }
}

/** True if the person is the only active owner, and will be until the end of the transaction: it takes the lock. */
export async function isLastOwner(db: Transaction, orgId: string, userId: string): Promise<boolean> {
  await lockOrganization(db, orgId);
  const owners = await db
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(isActiveOwner(orgId))
    .orderBy(sql`${members.userId} = ${userId} DESC`)
    .limit(2);
  return owners.length === 1 && owners[0]?.userId === userId;
}

function isActiveOwner(orgId: string) {
  return and(eq(members.orgId, orgId), eq(members.status, 'active'), eq(roles.key, ownerRole));
}

/** The row lock that everything about membership and roles takes first. */
export async function lockOrganization(db: Transaction, orgId: string): Promise<void> {
  await db
    .select({ locked: sql`1` })
    .from(organizations)
    .where(eq(organizations.id, orgId))
    .for('no key update');
}
