import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { invites, roles } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { readInvite } from './create-invites.js';
import { Invite, inviteFields, inviteStatus, inviteStatuses, roleOfInvite } from './invite.js';

const sorts = { createdAt: byColumn(invites.createdAt), expiresAt: byColumn(invites.expiresAt) };

/** A page of the organization's invites. */
export const listInvites = defineAction({
  name: 'invites.list',
  title: 'List invites',
  description: 'Lists invites to the organization, by mail and by code.',
  permission: 'invites:read',
  effect: 'read',
  http: { method: 'get', path: '/invites' },
  input: z.strictObject({
    status: z.enum(inviteStatuses).optional(),
    ...pageInput(sorts, '-createdAt'),
  }),
  output: pageOutput(Invite),
  async run({ db, actor }: DomainContext, { status, ...request }) {
    const page = openPage(sorts, invites.id, request);
    const isWanted = status === undefined ? undefined : eq(inviteStatus, status);
    const rows = await db
      .select({ ...inviteFields, ...page.fields })
      .from(invites)
      .innerJoin(roles, roleOfInvite)
      .where(and(eq(invites.orgId, actor.orgId), isWanted, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

/** Ends an invite for good. One that was revoked before stays so. Throws `conflict` for one that is used up. */
export const revokeInvite = defineAction({
  name: 'invites.revoke',
  title: 'Revoke invite',
  description: 'Ends an invite: nobody joins by it any more. Invite again to undo it.',
  permission: 'invites:revoke',
  effect: 'destroy',
  http: { method: 'post', path: '/invites/:id/revoke' },
  input: z.strictObject({ id: z.uuid() }),
  output: Invite,
  async run({ db, actor, audit }: DomainContext, { id }) {
    const isIt = and(eq(invites.orgId, actor.orgId), eq(invites.id, id));
    const [before] = await db.select({ status: inviteStatus }).from(invites).where(isIt).for('update');
    await db
      .update(invites)
      .set({ revokedAt: sql`now()` })
      .where(and(isIt, isNull(invites.revokedAt), sql`${invites.uses} < ${invites.maxUses}`));
    const invite = await readInvite(db, actor.orgId, id);
    if (invite.status === 'used') throw new AppError('conflict', 'The invite is used up already');
    audit(changeBetween(before ?? {}, invite, ['status']));
    return invite;
  },
});
