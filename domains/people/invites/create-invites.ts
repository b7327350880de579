import { and, count, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ActionDescription, defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { departments, invites, members, roles, users } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import { requireOn } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { sendsMail } from '#runtime/mail/write-mails.js';
import {
  hashInviteToken,
  macsOfCode,
  makeInviteCode,
  makeInviteToken,
} from '#runtime/membership/invite-secret.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import { requireGrantable } from '#runtime/membership/may-grant.js';
import { findRole } from '#runtime/membership/member.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { fieldsAmong } from '#runtime/resource/resource-table.js';
import { Invite, inviteFields, inviteStatus, inviteTerms, roleOfInvite } from './invite.js';
import { mailInvite } from './invite-mail.js';

/** Fields of a new invite that the audit log tells: none that helps to use it. */
const told = ['kind', 'email', 'role', 'departmentId', 'maxUses', 'expiresAt'];

/** Open at one time in an organization. */
const maxOpenInvites = 500;

/**
 * Invites a person by mail; an earlier invite to the address that is still open ends. Throws `validation` for a role
 * that holds more than its giver, `conflict` naming `email` for a member.
 */
export const sendInvite = defineAction({
  name: 'invites.send',
  title: 'Invite by mail',
  description: 'Sends a person an invite to the organization by mail, good for one use.',
  permission: 'invites:create',
  effect: 'send',
  http: { method: 'post', path: '/invites', status: 201 },
  input: z.strictObject({ email: z.email().max(254), ...inviteTerms }),
  output: Invite,
  async run(context: DomainContext, { email, ...terms }) {
    const { db, actor, services, audit } = context;
    await requireTerms(context, sendInvite, terms);
    if (!sendsMail(services))
      throw new AppError('conflict', 'No mail is sent from here: make a code instead');
    await refuseMember(db, actor.orgId, email);
    await db
      .update(invites)
      .set({ revokedAt: sql`now()` })
      .where(
        and(
          eq(invites.orgId, actor.orgId),
          eq(invites.email, email),
          eq(invites.uses, 0),
          isNull(invites.revokedAt),
        ),
      );
    const id = timeOrderedId();
    const token = makeInviteToken(actor.orgId, id);
    const secretHash = hashInviteToken(token);
    await insert(context, { id, kind: 'mail', email, secretHash, maxUses: 1 }, terms);
    const invite = await readInvite(db, actor.orgId, id);
    audit({ after: fieldsAmong(invite, told) });
    await mailInvite(context, { ...invite, email, token, issue: 1 });
    return invite;
  },
});

/** Makes a code with which people join. It shows the code, this once. */
export const createInviteCode = defineAction({
  name: 'invites.create_code',
  title: 'Make invite code',
  description: 'Makes a code of ten characters with which several people can join, until it expires.',
  permission: 'invites:create',
  effect: 'write',
  holdsSecret: true,
  http: { method: 'post', path: '/invite-codes', status: 201 },
  input: z.strictObject({ maxUses: z.int().min(1).max(1_000).default(1), ...inviteTerms }),
  output: Invite.extend({ code: z.string().describe('Shown only here') }),
  async run(context: DomainContext, { maxUses, ...terms }) {
    const { db, actor, services, audit } = context;
    requireOn(actor, 'invite_codes');
    await requireTerms(context, createInviteCode, terms);
    const id = timeOrderedId();
    const code = makeInviteCode();
    const [secretHash] = macsOfCode(services.vault, code);
    await insert(context, { id, kind: 'code', secretHash, maxUses, hint: `${code.slice(0, 2)}…` }, terms);
    const invite = await readInvite(db, actor.orgId, id);
    audit({ after: fieldsAmong(invite, told) });
    return { ...invite, code };
  },
});

/** Sends an invite again, with a new token and as much time as at first; the old token ends. */
export const resendInvite = defineAction({
  name: 'invites.resend',
  title: 'Resend invite',
  description: 'Sends an invite by mail again. The link of the earlier mail is not valid any more.',
  permission: 'invites:create',
  effect: 'send',
  http: { method: 'post', path: '/invites/:id/resend' },
  input: z.strictObject({ id: z.uuid() }),
  output: Invite,
  async run(context: DomainContext, { id }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    const present = await lockPeople(context, resendInvite);
    const [row] = await db
      .select({
        kind: invites.kind,
        email: invites.email,
        status: inviteStatus,
        invitedBy: invites.invitedBy,
        expiresAt: invites.expiresAt,
        role: { key: roles.key, permissions: roles.permissions },
      })
      .from(invites)
      .innerJoin(roles, roleOfInvite)
      .where(and(eq(invites.orgId, orgId), eq(invites.id, id), isNull(roles.deletedAt)));
    if (!row) throw noInvite();
    const { email, status, role } = row;
    if (row.kind === 'code' || email === null) {
      throw new AppError('conflict', 'A code is not sent: make a new one');
    }
    if (status === 'used' || status === 'revoked') throw new AppError('conflict', `The invite is ${status}`);
    requireGrantable(present, role, 'id');
    await refuseMember(db, orgId, email);
    const token = makeInviteToken(orgId, id);
    const [changed] = await db
      .update(invites)
      .set({
        secretHash: hashInviteToken(token),
        invitedBy: actor.userId,
        issue: sql`${invites.issue} + 1`,
        issuedAt: sql`now()`,
        expiresAt: sql`now() + (${invites.expiresAt} - ${invites.issuedAt})`,
      })
      .where(and(eq(invites.orgId, orgId), eq(invites.id, id)))
      .returning({ issue: invites.issue });
    const invite = await readInvite(db, orgId, id);
    audit(changeBetween(row, invite, ['status', 'invitedBy', 'expiresAt']));
    await mailInvite(context, { ...invite, email, token, issue: changed?.issue ?? 0 });
    return invite;
  },
});

/** One invite. Throws `not_found`. */
export async function readInvite(
  db: Transaction,
  orgId: string,
  id: string,
): Promise<z.output<typeof Invite>> {
  const [row] = await db
    .select(inviteFields)
    .from(invites)
    .innerJoin(roles, roleOfInvite)
    .where(and(eq(invites.orgId, orgId), eq(invites.id, id)));
  if (!row) throw noInvite();
  return row;
}

export function noInvite(): AppError {
  return new AppError('not_found', 'There is no such invite');
}

type Terms = z.output<z.ZodObject<typeof inviteTerms>>;

async function requireTerms(
  context: DomainContext,
  action: ActionDescription,
  { roleId, departmentId }: Terms,
): Promise<void> {
  const { db, actor } = context;
  const { orgId } = actor;
  const present = await lockPeople(context, action);
  const role = await findRole(db, orgId, roleId);
  if (!role) throw invalidField({ path: 'roleId', message: 'does not exist' });
  requireGrantable(present, role, 'roleId');
  if (departmentId !== undefined) {
    const [department] = await db
      .select({ id: departments.id })
      .from(departments)
      .where(
        and(eq(departments.orgId, orgId), eq(departments.id, departmentId), isNull(departments.deletedAt)),
      );
    if (!department) throw invalidField({ path: 'departmentId', message: 'does not exist' });
  }
  const [{ open } = { open: 0 }] = await db
    .select({ open: count() })
    .from(invites)
    .where(and(eq(invites.orgId, orgId), eq(inviteStatus, 'open')));
  if (open >= maxOpenInvites) throw new AppError('conflict', `${maxOpenInvites} invites are open already`);
}

async function refuseMember(db: Transaction, orgId: string, email: string): Promise<void> {
  const [member] = await db
    .select({ status: members.status })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.orgId, orgId), eq(users.email, email)));
  if (!member || member.status === 'removed') return;
  const message =
    member.status === 'active' ? 'is a member already' : 'is a deactivated member: reactivate them';
  throw new AppError('conflict', `email: ${message}`, { issues: [{ path: 'email', message }] });
}

async function insert(
  { db, actor }: DomainContext,
  invite: Pick<typeof invites.$inferInsert, 'id' | 'kind' | 'email' | 'secretHash' | 'maxUses' | 'hint'>,
  { roleId, departmentId, expiresInDays }: Terms,
): Promise<void> {
  await db.insert(invites).values({
    ...invite,
    orgId: actor.orgId,
    roleId,
    departmentId: departmentId ?? null,
    invitedBy: actor.userId,
    expiresAt: sql`now() + make_interval(days => ${expiresInDays})`,
  });
}
