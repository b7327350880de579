import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { members, scimGroupMembers, scimGroups } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { tellRoleChanged } from '#runtime/membership/tell-membership.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { plainRoleId } from './create-scim-user.js';

/**
 * Gives people the role of their groups: of those that have a role the one with the smallest priority, then by name; who
 * is in none of them has the role of plain members. Owners stay owners.
 */
export async function applyGroupRoles(context: DomainContext, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const { db, actor } = context;
  const { orgId } = actor;
  const plain = await plainRoleId(db, orgId);
  const ofGroups = sql`(
    SELECT g.role_id FROM scim_group_members gm
    JOIN scim_groups g ON g.org_id = gm.org_id AND g.id = gm.group_id
    JOIN roles r ON r.org_id = g.org_id AND r.id = g.role_id AND r.key <> 'owner'
    WHERE gm.org_id = ${orgId} AND gm.user_id = members.user_id
    ORDER BY g.priority, g.display_name LIMIT 1)`;
  const changed = await db.execute<RoleChange>(sql`
    WITH given AS (
      SELECT user_id, role_id AS before, coalesce(${ofGroups}, ${plain}::uuid) AS after FROM members
      WHERE org_id = ${orgId} AND user_id = ANY(${sql.param([...userIds])}::uuid[])
        AND role_id NOT IN (SELECT id FROM roles WHERE org_id = ${orgId} AND key = 'owner')
      FOR NO KEY UPDATE
    )
    UPDATE members SET role_id = given.after FROM given
    WHERE members.org_id = ${orgId} AND members.user_id = given.user_id AND given.after <> given.before
    RETURNING members.user_id AS "userId", given.before AS "fromRoleId", given.after AS "toRoleId"`);
  await noteRoleChanges(context, changed);
}

type RoleChange = { userId: string; fromRoleId: string; toRoleId: string };

/** Most people of whom one call tells by name; of more it tells how many. */
const maxNamed = 50;

async function noteRoleChanges(context: DomainContext, changed: readonly RoleChange[]): Promise<void> {
  const kind = 'member_role_changed';
  if (changed.length > maxNamed) {
    return noteSecurityEvent(context, { kind, details: { people: changed.length } });
  }
  const { db, actor, services, origin } = context;
  const { orgId } = actor;
  const principal = { kind: actor.kind, id: actor.id };
  for (const { userId, ...details } of changed) {
    await tellRoleChanged(services, db, { orgId, userId, principal, origin, details });
  }
}

/** Takes a person out of all groups, and out of the role that these gave. */
export async function leaveGroups(context: DomainContext, userId: string): Promise<void> {
  const { db, actor } = context;
  const { orgId } = actor;
  const own = and(eq(scimGroupMembers.orgId, orgId), eq(scimGroupMembers.userId, userId));
  const left = await db.delete(scimGroupMembers).where(own).returning({ groupId: scimGroupMembers.groupId });
  const ids = left.map(({ groupId }) => groupId);
  if (ids.length === 0) return;
  const [giving] = await db
    .select({ id: scimGroups.id })
    .from(scimGroups)
    .where(and(eq(scimGroups.orgId, orgId), inArray(scimGroups.id, ids), isNotNull(scimGroups.roleId)))
    .limit(1);
  if (giving) await applyGroupRoles(context, [userId]);
}

/** The people of a group. */
export async function membersOf(db: Transaction, orgId: string, groupId: string): Promise<string[]> {
  const rows = await db
    .select({ userId: scimGroupMembers.userId })
    .from(scimGroupMembers)
    .innerJoin(
      members,
      and(eq(members.orgId, scimGroupMembers.orgId), eq(members.userId, scimGroupMembers.userId)),
    )
    .where(and(eq(scimGroupMembers.orgId, orgId), eq(scimGroupMembers.groupId, groupId)))
    .orderBy(scimGroupMembers.userId);
  return rows.map(({ userId }) => userId);
}
