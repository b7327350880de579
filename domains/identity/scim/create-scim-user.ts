import { and, eq, ne, or, sql } from 'drizzle-orm';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members, roles, scimUsers, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { joinOrganization } from '#runtime/membership/join.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { tellJoined } from '#runtime/membership/tell-membership.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { findAccount } from '../sso/find-account.js';
import { isProvenDomain, mailDomainOf } from '../sso/proven-domain.js';
import { readScimUser } from './read-scim-users.js';
import { emailOf, nameOf, presentScimUser, ScimUser, ScimUserInput } from './scim-user.js';
import { setActive } from './set-active.js';
import { taken, writeScimUser } from './write-scim-user.js';

/**
 * Makes a member of somebody, or takes up one who is there and whom the provider has not named yet. An account of
 * somebody who is no member is taken only if they have verified its address. Throws `validation` for an address that is
 * not of a proven domain, `conflict` for somebody who is there.
 */
export const createScimUser = defineAction({
  name: 'scim.create_user',
  title: 'Provision user',
  description: 'Makes somebody a member, as the identity provider says.',
  permission: 'scim:provision',
  effect: 'write',
  emits: ['member.joined', 'member.deactivated', 'member.reactivated', 'security.membership_changed'],
  input: ScimUserInput,
  output: ScimUser,
  async run(context: DomainContext, input) {
    const { db, actor, services } = context;
    const { orgId } = actor;
    const email = await ownAddress(db, orgId, input);
    // The same user may be sent twice at once.
    await db.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended(${`scim ${orgId} ${email.toLowerCase()}`}, 0))`,
    );
    const userId = await findOrMakeMember(context, { email, name: nameOf(input) });
    await requireFreeName(db, { orgId, userId }, input.userName);
    await writeScimUser(db, { orgId, userId }, input);
    await setActive(context, { userId, isActive: input.active });
    return presentScimUser(await readScimUser(db, orgId, userId), services.configuration);
  },
});

async function ownAddress(db: Transaction, orgId: string, input: ScimUserInput): Promise<string> {
  const email = emailOf(input);
  if (email === undefined)
    throw invalidField({ path: 'emails', message: 'or userName must be a mail address' });
  if (await isProvenDomain(db, orgId, mailDomainOf(email))) return email;
  throw invalidField({ path: 'emails', message: 'must be of a domain that the organization has proven' });
}

async function findOrMakeMember(
  context: DomainContext,
  { email, name }: { email: string; name: string },
): Promise<string> {
  const { db, actor } = context;
  const { orgId } = actor;
  const account = await findAccount(db, email);
  if (!account) {
    const id = timeOrderedId();
    // Nobody but the organization, whose domain it is, has had this address here before.
    await db.insert(users).values({ id, email, name, emailVerifiedAt: new Date().toISOString() });
    await makeMember(context, id);
    return id;
  }
  const { userId } = account;
  const [member] = await db
    .select({ isNamed: sql<boolean>`${scimUsers.userId} IS NOT NULL AND ${scimUsers.deletedAt} IS NULL` })
    .from(members)
    .leftJoin(scimUsers, and(eq(scimUsers.orgId, members.orgId), eq(scimUsers.userId, members.userId)))
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  if (member?.isNamed) throw taken('userName');
  if (member) return userId;
  if (!account.isEmailVerified) {
    const message = 'belongs to an account whose person has not verified it: invite them instead';
    throw new AppError('conflict', `emails: ${message}`, { issues: [{ path: 'emails', message }] });
  }
  await makeMember(context, userId);
  return userId;
}

async function makeMember({ db, actor, services, origin }: DomainContext, userId: string): Promise<void> {
  const { orgId } = actor;
  await lockOrganization(db, orgId);
  const roleId = await plainRoleId(db, orgId);
  const since = new Date().toISOString();
  const joined = await joinOrganization(db, { orgId, userId, roleId, departmentId: null, since, by: 'scim' });
  const principal = { kind: actor.kind, id: actor.id };
  if (joined) await tellJoined(services, db, { orgId, joined, principal, origin });
}

/** The role of those whom no group gives one. */
export async function plainRoleId(db: Transaction, orgId: string): Promise<string> {
  const [role] = await db
    .select({ id: roles.id })
    .from(roles)
    .where(and(eq(roles.orgId, orgId), eq(roles.key, 'member')));
  if (!role) throw new AppError('internal', 'The organization has no role for members');
  return role.id;
}

/** Throws `conflict` if the name is another's, be it only their mail address. */
export async function requireFreeName(
  db: Transaction,
  { orgId, userId }: { orgId: string; userId: string },
  userName: string,
): Promise<void> {
  const [other] = await db
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(scimUsers, and(eq(scimUsers.orgId, members.orgId), eq(scimUsers.userId, members.userId)))
    .where(
      and(
        eq(members.orgId, orgId),
        ne(members.userId, userId),
        or(
          sql`${scimUsers.userName} = ${userName}::citext`,
          and(sql`${scimUsers.userName} IS NULL`, sql`${users.email} = ${userName}::citext`),
        ),
      ),
    )
    .limit(1);
  if (other) throw taken('userName');
}
