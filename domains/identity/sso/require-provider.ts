import { and, eq, isNull, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, ssoConnections, users } from '#db/schema/index.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { isProvenDomain, mailDomainOf } from './proven-domain.js';

/** True for what an identity provider of one organization says, which counts in that organization only. */
export function isOfProvider(method: SignInMethod): boolean {
  return method === 'oidc' || method === 'saml';
}

/**
 * Throws `forbidden` where the organization lets people of this mail domain in through its identity provider only, and
 * they have come another way. Owners may always: somebody has to get in when the provider does not answer. The
 * transaction must have entered person and organization.
 */
export async function requireProvider(
  transaction: Transaction,
  { orgId, userId, methods }: { orgId: string; userId: string; methods: readonly SignInMethod[] },
): Promise<void> {
  if (methods.some(isOfProvider)) return;
  const [person] = await transaction
    .select({ email: users.email, roleKey: roles.key })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  if (!person || person.roleKey === 'owner') return;
  const domain = mailDomainOf(person.email);
  const [enforcing] = await transaction
    .select({ name: ssoConnections.name })
    .from(ssoConnections)
    .where(
      and(
        eq(ssoConnections.orgId, orgId),
        eq(ssoConnections.isEnforced, true),
        eq(ssoConnections.isActive, true),
        isNull(ssoConnections.deletedAt),
        sql`${ssoConnections.domains} @> ARRAY[${domain}]::text[]`,
      ),
    )
    .limit(1);
  if (!enforcing || !(await isProvenDomain(transaction, orgId, domain))) return;
  throw new AppError('forbidden', `This organization asks you to sign in through ${enforcing.name}`);
}
