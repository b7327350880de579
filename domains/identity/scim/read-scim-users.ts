import { and, count, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, scimUsers, users } from '#db/schema/index.js';
import type { ScimUserRow } from './scim-user.js';

/** The provider's name for a member; where it has given none, the mail address. */
export const userNameColumn = sql<string>`coalesce(${scimUsers.userName}, ${users.email})`;

/** A page of the members that the provider sees: all but those whom it deleted. `offset` counts from 0. */
export async function readScimUsers(
  db: Transaction,
  orgId: string,
  { where, offset, limit }: { where: SQL | undefined; offset: number; limit: number },
): Promise<{ total: number; rows: ScimUserRow[] }> {
  const condition = and(eq(members.orgId, orgId), isNull(scimUsers.deletedAt), where);
  const rows = await select(db)
    .where(condition)
    .orderBy(userNameColumn, members.userId)
    .limit(limit)
    .offset(offset);
  const [counted] = await db
    .select({ total: count() })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(scimUsers, and(eq(scimUsers.orgId, members.orgId), eq(scimUsers.userId, members.userId)))
    .where(condition);
  return { total: counted?.total ?? 0, rows };
}

/** One of them. Throws `not_found`. */
export async function readScimUser(db: Transaction, orgId: string, userId: string): Promise<ScimUserRow> {
  const { rows } = await readScimUsers(db, orgId, { where: eq(members.userId, userId), offset: 0, limit: 1 });
  const [row] = rows;
  if (!row) throw new AppError('not_found', 'There is no such user');
  return row;
}

/**
 * Locks a member, so that of two changes at once one comes after the other; and the owners, in the order in which all
 * lock them, for the change may be that one of them goes. Throws `not_found`.
 */
export async function lockMember(db: Transaction, orgId: string, userId: string): Promise<void> {
  const locked = await db
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), or(eq(members.userId, userId), eq(roles.key, 'owner'))))
    .orderBy(members.userId)
    .for('no key update', { of: members });
  if (!locked.some((member) => member.userId === userId)) {
    throw new AppError('not_found', 'There is no such user');
  }
}

/** Those of the ids that are members whom the provider sees. */
export async function membersAmong(
  db: Transaction,
  orgId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const { rows } = await readScimUsers(db, orgId, {
    where: inArray(members.userId, [...userIds]),
    offset: 0,
    limit: userIds.length,
  });
  return new Set(rows.map(({ userId }) => userId));
}

function select(db: Transaction) {
  return db
    .select({
      userId: members.userId,
      email: users.email,
      name: users.name,
      isActive: sql<boolean>`${members.status} = 'active'`,
      userName: userNameColumn,
      externalId: scimUsers.externalId,
      attributes: scimUsers.attributes,
      createdAt: members.createdAt,
      updatedAt: sql<string>`coalesce(${scimUsers.updatedAt}, ${members.createdAt})`,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(scimUsers, and(eq(scimUsers.orgId, members.orgId), eq(scimUsers.userId, members.userId)));
}
