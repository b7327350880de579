import { and, eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { members, organizations, users } from '#db/schema/index.js';

/** An active member and the organization, as they see themselves; undefined for anybody else. */
export async function readMember(transaction: Transaction, orgId: string, userId: string) {
  const [row] = await transaction
    .select({
      user: { id: users.id, name: users.name, email: users.email },
      organization: { id: organizations.id, name: organizations.name, slug: organizations.slug },
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(organizations, eq(organizations.id, members.orgId))
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId), eq(members.status, 'active')));
  return row;
}
