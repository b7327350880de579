import { and, asc, eq, or, sql } from 'drizzle-orm';
import type { Audience } from '#core/notification.js';
import { isPermitted } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';

export interface Addressee {
  userId: string;
  email: string;
}

/** Most people who are told of one thing. */
const maxAddressees = 100;

/** Reads the people who are meant, once for several audiences; returns who belongs to one of them. */
export async function findAddressees(
  transaction: Transaction,
  audiences: readonly Audience[],
): Promise<(audience: Audience) => Addressee[]> {
  const named = [...new Set(audiences.flatMap((audience) => audience.users))];
  const keys = [...new Set(audiences.flatMap((audience) => audience.roles ?? []))];
  if (named.length + keys.length === 0) return () => [];
  const people = await transaction
    .select({ userId: users.id, email: users.email, role: roles.key, permissions: roles.permissions })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.status, 'active'),
        or(
          sql`${members.userId} = ANY(${sql.param(named)}::uuid[])`,
          sql`${roles.key} = ANY(${sql.param(keys)}::text[])`,
        ),
      ),
    )
    .orderBy(asc(members.createdAt), asc(members.id))
    .limit(1_000);
  return ({ users: meant, roles: meantRoles = [], permission }) =>
    people
      .filter(({ userId, role }) => meant.includes(userId) || meantRoles.includes(role))
      .filter(({ permissions }) => permission === undefined || isPermitted(permissions, permission))
      .slice(0, maxAddressees)
      .map(({ userId, email }) => ({ userId, email }));
}
