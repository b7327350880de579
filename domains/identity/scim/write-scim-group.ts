import { and, eq, inArray, sql } from 'drizzle-orm';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { scimGroupMembers, scimGroups } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { applyGroupRoles, membersOf } from './group-roles.js';
import { membersAmong } from './read-scim-users.js';
import { maxGroupMembers, type ScimGroupRow } from './scim-group.js';
import { taken } from './write-scim-user.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Sets name and external id. Throws `conflict` for a name that another group has. */
export async function writeGroup(
  db: Transaction,
  { orgId, id }: { orgId: string; id: string },
  { displayName, externalId }: { displayName: string; externalId?: string | null | undefined },
): Promise<void> {
  const said = { displayName, externalId: externalId ?? null };
  try {
    await db
      .insert(scimGroups)
      .values({ orgId, id, ...said })
      .onConflictDoUpdate({
        target: [scimGroups.orgId, scimGroups.id],
        set: { ...said, updatedAt: sql`now()` },
      });
  } catch (error) {
    if (violatesUnique(error, 'scim_groups_org_id_display_name_unique')) throw taken('displayName', error);
    throw error;
  }
}

/**
 * Makes a group consist of these members, and gives all who come or go the role that is theirs then. The group must be
 * locked. Throws `validation` naming `members` for somebody whom the provider does not see.
 */
export async function writeMembers(
  context: DomainContext,
  group: Pick<ScimGroupRow, 'id' | 'roleId'>,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const { db, actor } = context;
  const { orgId } = actor;
  const present = new Set(await membersOf(db, orgId, group.id));
  const added = [...wanted].filter((id) => !present.has(id));
  const removed = [...present].filter((id) => !wanted.has(id));
  await requireMembers(db, orgId, wanted, added);
  if (removed.length > 0) {
    const gone = and(eq(scimGroupMembers.groupId, group.id), inArray(scimGroupMembers.userId, removed));
    await db.delete(scimGroupMembers).where(and(eq(scimGroupMembers.orgId, orgId), gone));
  }
  if (added.length > 0) {
    await db
      .insert(scimGroupMembers)
      .values(added.map((userId) => ({ orgId, groupId: group.id, userId })))
      .onConflictDoNothing();
  }
  if (group.roleId !== null) await applyGroupRoles(context, [...added, ...removed]);
}

async function requireMembers(
  db: Transaction,
  orgId: string,
  wanted: ReadonlySet<string>,
  added: readonly string[],
): Promise<void> {
  if (wanted.size > maxGroupMembers) {
    throw invalidField({ path: 'members', message: `may be ${maxGroupMembers} at most` });
  }
  const known = await membersAmong(
    db,
    orgId,
    added.filter((id) => uuid.test(id)),
  );
  const unknown = added.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw invalidField({ path: 'members', message: `${unknown.slice(0, 50)} is no user of this organization` });
}
