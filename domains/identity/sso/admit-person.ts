import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, ssoIdentities, users } from '#db/schema/index.js';
import { joinOrganization, type MemberJoined } from '#runtime/membership/join.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { findAccount } from './find-account.js';
import type { OpenSsoConnection } from './open-sso-connection.js';
import { isProvenDomain, mailDomainOf } from './proven-domain.js';
import type { ProvenPerson } from './proven-person.js';
import { mappedRole } from './role-mapping.js';

/** The member that somebody is who came through an organization's provider, and what had to change for it. */
export interface Admitted {
  userId: string;
  changes: ('create_member' | 'link_identity' | 'change_role')[];
  /** Where the role is another one: ids of roles. */
  role?: { from: string; to: string };
  /** Of who has become a member by it. */
  joined?: MemberJoined;
}

/**
 * Finds the member behind a subject of the connection, or makes one. An account that is there already is linked only if
 * the provider says that the mail address is verified, its person has verified it here too, and the organization has
 * proven its domain. Throws `conflict` naming `email` where the person must sign in first and link it by hand, and
 * `forbidden` for whoever the connection lets in no more or not at all.
 */
export async function admitPerson(
  transaction: Transaction,
  connection: OpenSsoConnection,
  person: ProvenPerson,
): Promise<Admitted> {
  const { orgId, id: connectionId } = connection;
  // Two ways back at once would both find nobody.
  const name = `sso ${orgId} ${connectionId} ${person.subject}`;
  await transaction.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
  const userId = await takeIdentity(transaction, connection, person.subject);
  if (userId === undefined) return admitNew(transaction, connection, person);
  const member = await findMember(transaction, orgId, userId);
  if (member?.status !== 'active') throw notAMember();
  const roleId = connection.updatesRoles ? await roleOf(transaction, connection, person) : member.roleId;
  if (roleId === member.roleId || member.roleKey === 'owner') return { userId, changes: [] };
  await transaction
    .update(members)
    .set({ roleId })
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  return { userId, changes: ['change_role'], role: { from: member.roleId, to: roleId } };
}

/** Links a subject of the connection to a member who is signed in. Throws `conflict` if it is somebody else's. */
export async function linkPerson(
  transaction: Transaction,
  connection: OpenSsoConnection,
  { subject, userId }: { subject: string; userId: string },
): Promise<void> {
  const linked = await takeIdentity(transaction, connection, subject);
  if (linked === undefined) return insertIdentity(transaction, connection, { subject, userId });
  if (linked !== userId) {
    throw new AppError('conflict', "This identity is linked to somebody else's account already");
  }
}

async function admitNew(
  transaction: Transaction,
  connection: OpenSsoConnection,
  person: ProvenPerson,
): Promise<Admitted> {
  const { subject, email } = person;
  // What is said of an address must not depend on whether it has an account, unless its domain is the organization's.
  if (email === undefined || !(await isOwnAddress(transaction, connection, email))) {
    throw new AppError(
      'forbidden',
      'This provider may let in people of the proven domains of its organization only',
    );
  }
  const account = await findAccount(transaction, email);
  if (account && !(person.isEmailVerified && account.isEmailVerified)) throw mustLink();
  if (!account && person.isEmailVerified === false) {
    throw new AppError('forbidden', 'The identity provider says that your mail address is not verified');
  }
  const { orgId } = connection;
  const member = account && (await findMember(transaction, orgId, account.userId));
  if (member && member.status !== 'active') throw notAMember();
  if (!member && !connection.createsMembers) throw notAMember();
  const userId = account?.userId ?? (await insertUser(transaction, { ...person, email }));
  if (!member) {
    const roleId = await roleOf(transaction, connection, person);
    await lockOrganization(transaction, orgId);
    const since = new Date().toISOString();
    const membership = { orgId, userId, roleId, departmentId: null, since, by: 'sso' as const };
    const joined = await joinOrganization(transaction, membership);
    await insertIdentity(transaction, connection, { subject, userId });
    return { userId, changes: ['create_member'], ...(joined && { joined }) };
  }
  await insertIdentity(transaction, connection, { subject, userId });
  return { userId, changes: ['link_identity'] };
}

async function takeIdentity(
  transaction: Transaction,
  { orgId, id: connectionId }: OpenSsoConnection,
  subject: string,
): Promise<string | undefined> {
  const [identity] = await transaction
    .update(ssoIdentities)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(ssoIdentities.orgId, orgId),
        eq(ssoIdentities.connectionId, connectionId),
        eq(ssoIdentities.subject, subject),
      ),
    )
    .returning({ userId: ssoIdentities.userId });
  return identity?.userId;
}

async function insertIdentity(
  transaction: Transaction,
  { orgId, id: connectionId }: OpenSsoConnection,
  identity: { subject: string; userId: string },
): Promise<void> {
  await transaction.insert(ssoIdentities).values({ orgId, connectionId, ...identity });
}

/** A person without a password: the provider is their way in, until they set one. */
async function insertUser(
  transaction: Transaction,
  { email, name, isEmailVerified }: ProvenPerson & { email: string },
): Promise<string> {
  const id = timeOrderedId();
  try {
    await transaction.insert(users).values({
      id,
      email,
      name: name ?? email.slice(0, email.indexOf('@')),
      emailVerifiedAt: isEmailVerified ? new Date().toISOString() : null,
    });
  } catch (error) {
    if (violatesUnique(error, 'users_email_unique')) throw mustLink();
    throw error;
  }
  return id;
}

async function findMember(transaction: Transaction, orgId: string, userId: string) {
  const [member] = await transaction
    .select({ status: members.status, roleId: members.roleId, roleKey: roles.key })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  return member;
}

async function isOwnAddress(
  transaction: Transaction,
  { orgId, domains }: OpenSsoConnection,
  email: string,
): Promise<boolean> {
  const domain = mailDomainOf(email);
  return domains.includes(domain) && (await isProvenDomain(transaction, orgId, domain));
}

/** The mapped role, as long as there is one; else the default. Never that of owners, whatever was saved. */
async function roleOf(
  transaction: Transaction,
  { orgId, roleMapping, defaultRoleId }: OpenSsoConnection,
  { roleValues }: ProvenPerson,
): Promise<string> {
  const mapped = mappedRole(roleMapping, roleValues);
  if (mapped === undefined) return defaultRoleId;
  const [role] = await transaction
    .select({ key: roles.key })
    .from(roles)
    .where(and(eq(roles.orgId, orgId), eq(roles.id, mapped)));
  return role && role.key !== 'owner' ? mapped : defaultRoleId;
}

function mustLink(): AppError {
  const message = 'has an account already: sign in to it first, then link this provider';
  return new AppError('conflict', `email: ${message}`, { issues: [{ path: 'email', message }] });
}

function notAMember(): AppError {
  return new AppError('forbidden', 'You are not an active member of this organization');
}
