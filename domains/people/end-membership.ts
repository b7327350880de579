import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ActionDescription, defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import {
  apiKeys,
  automations,
  departmentMembers,
  departments,
  grants,
  members,
  projectMembers,
} from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { lockPeople, requireOwnerLeft } from '#runtime/membership/lock-people.js';
import { requireReach } from '#runtime/membership/may-grant.js';
import { findMember, Member, memberEvents, readMember } from '#runtime/membership/member.js';
import { tellMembership } from '#runtime/membership/tell-membership.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { requireQuota } from '#runtime/quotas/require-quota.js';
import { departureMails } from './departure-mail.js';

const input = z.strictObject({ id: z.uuid() });

/**
 * Ends at once all that a person may do here: by signing in, by keys, and by the automations that they published. It
 * all comes back when they are reactivated. Throws `conflict` for the last owner.
 */
export const deactivateMember = defineAction({
  name: 'members.deactivate',
  title: 'Deactivate member',
  description:
    'Lets a person do nothing here any more, by signing in, by keys or by automations, until they are reactivated.',
  permission: 'members:deactivate',
  effect: 'destroy',
  http: { method: 'post', path: '/members/:id/deactivate' },
  input,
  output: Member,
  emits: [memberEvents.deactivated.type, 'security.membership_changed'],
  async run(context: DomainContext, { id }) {
    const { db, actor, audit } = context;
    const { userId, status } = await findReachable(context, deactivateMember, id);
    if (status !== 'active') throw new AppError('conflict', 'The member is deactivated already');
    await setStatus(db, actor.orgId, id, 'deactivated');
    await requireOwnerLeft(db, actor.orgId);
    const member = await readMember(db, actor.orgId, id);
    await tellOfAutomations(context, { ...member, userId });
    audit({ before: { status }, after: { status: member.status } });
    await tellMembership(context, 'deactivated', member);
    return member;
  },
});

export const reactivateMember = defineAction({
  name: 'members.reactivate',
  title: 'Reactivate member',
  description: 'Lets a deactivated person act again, with their role, keys and automations.',
  permission: 'members:deactivate',
  effect: 'write',
  http: { method: 'post', path: '/members/:id/reactivate' },
  input,
  output: Member,
  emits: [memberEvents.reactivated.type, 'security.membership_changed'],
  async run(context: DomainContext, { id }) {
    const { db, actor, audit } = context;
    const { status } = await findReachable(context, reactivateMember, id);
    if (status === 'active') throw new AppError('conflict', 'The member is active');
    await requireQuota(db, actor.orgId, { name: 'members' });
    await setStatus(db, actor.orgId, id, 'active');
    const member = await readMember(db, actor.orgId, id);
    audit({ before: { status }, after: { status: member.status } });
    await tellMembership(context, 'reactivated', member);
    return member;
  },
});

/**
 * Removes a person: keys and grants end for good, and they leave departments and projects. What they made stays, and names
 * them. An invite brings them back. Throws `conflict` for the last owner.
 */
export const removeMember = defineAction({
  name: 'members.remove',
  title: 'Remove member',
  description:
    'Removes a person from the organization, with their keys and what automations may do for them. What they made stays. They come back by an invite.',
  permission: 'members:remove',
  effect: 'destroy',
  http: { method: 'delete', path: '/members/:id' },
  input,
  output: Member,
  emits: [memberEvents.removed.type, 'security.membership_changed'],
  async run(context: DomainContext, { id }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    const { userId } = await findReachable(context, removeMember, id);
    const before = await readMember(db, orgId, id);
    await tellOfAutomations(context, before);
    await setStatus(db, orgId, id, 'removed');
    await requireOwnerLeft(db, orgId);
    await endRights(db, orgId, userId);
    const member = await readMember(db, orgId, id);
    audit(changeBetween(before, member, ['status', 'managerId', 'departments']));
    await tellMembership(context, 'removed', member);
    return member;
  },
});

async function findReachable(context: DomainContext, action: ActionDescription, id: string) {
  const present = await lockPeople(context, action);
  const member = await findMember(context.db, context.actor.orgId, id);
  requireReach(present, member.role);
  return member;
}

async function setStatus(
  db: Transaction,
  orgId: string,
  id: string,
  status: (typeof members.$inferSelect)['status'],
): Promise<void> {
  await db
    .update(members)
    .set({ status, ...(status === 'removed' && { removedAt: sql`now()` }) })
    .where(and(eq(members.orgId, orgId), eq(members.id, id)));
}

async function endRights(db: Transaction, orgId: string, userId: string): Promise<void> {
  const revokedAt = sql`now()`;
  await db
    .update(apiKeys)
    .set({ revokedAt })
    .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)));
  await db
    .update(grants)
    .set({ revokedAt })
    .where(and(eq(grants.orgId, orgId), eq(grants.onBehalfOf, userId), isNull(grants.revokedAt)));
  await db
    .delete(departmentMembers)
    .where(and(eq(departmentMembers.orgId, orgId), eq(departmentMembers.userId, userId)));
  await db
    .delete(projectMembers)
    .where(and(eq(projectMembers.orgId, orgId), eq(projectMembers.userId, userId)));
  await db
    .update(departments)
    .set({ headId: null, version: sql`${departments.version} + 1`, updatedAt: sql`now()` })
    .where(and(eq(departments.orgId, orgId), eq(departments.headId, userId)));
  await db
    .update(members)
    .set({ managerId: null })
    .where(and(eq(members.orgId, orgId), eq(members.managerId, userId)));
}

/** Tells the organization's owners which automations can't act any more. */
async function tellOfAutomations(
  { db, actor, services, afterCommit }: DomainContext,
  person: { userId: string; name: string; id: string },
): Promise<void> {
  const stopped = await db
    .selectDistinct({ id: automations.id, name: automations.name })
    .from(automations)
    .innerJoin(grants, and(eq(grants.orgId, automations.orgId), eq(grants.principalId, automations.id)))
    .where(
      and(
        eq(automations.orgId, actor.orgId),
        eq(automations.status, 'active'),
        isNull(automations.deletedAt),
        eq(grants.onBehalfOf, person.userId),
        isNull(grants.revokedAt),
        isPublishedGrant,
      ),
    )
    .orderBy(asc(automations.name));
  if (stopped.length === 0) return;
  const mails = await departureMails(db, actor.orgId, { person, stopped });
  const { queued } = await writeMails(services, db, actor.orgId, mails);
  if (queued > 0) {
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'mail', id: person.id }));
  }
}

/** The grant belongs to the version that listens now. */
const isPublishedGrant = sql`EXISTS (SELECT FROM automation_versions v
  WHERE v.org_id = ${automations.orgId} AND v.automation_id = ${automations.id}
    AND v.version = ${automations.publishedVersion} AND v.grant_id = ${grants.id})`;
