import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { defineEvent } from '#core/event.js';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { members, roles } from '#db/schema/index.js';
import { isOwner } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import { noteSecurityEvent } from '#runtime/security-events.js';

const Transfer = z.object({
  id: z.uuid().describe('Of the organization'),
  fromUserId: z.uuid(),
  toUserId: z.uuid(),
});

export const ownershipTransferred = defineEvent({
  type: 'organization.ownership_transferred',
  title: 'Ownership transferred',
  description: 'An owner made another member owner in their place, and is an admin now.',
  payload: Transfer,
});

/** Makes another member owner in the caller's place. Throws `forbidden` for all but owners in person. */
export const transferOwnership = defineAction({
  name: 'organization.transfer_ownership',
  title: 'Transfer ownership',
  description: 'Makes another active member an owner in your place. You become an admin.',
  permission: 'organization:transfer',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/organization/transfer-ownership' },
  input: z.strictObject({ userId: z.uuid().describe('An active member') }),
  output: Transfer,
  emits: [ownershipTransferred.type, 'security.member_role_changed'],
  async run(context: DomainContext, { userId }) {
    const { db, actor, emit } = context;
    const { orgId } = actor;
    const present = await lockPeople(context, transferOwnership);
    if (!isOwner(present))
      throw new AppError('forbidden', 'Only an owner, in person, can give ownership away');
    if (userId === actor.userId) throw invalidField({ path: 'userId', message: 'is you' });
    const isTheirs = and(eq(members.orgId, orgId), eq(members.userId, userId), eq(members.status, 'active'));
    const [ownerRoleId, adminRoleId] = [
      await roleIdOf(db, orgId, ownerRole),
      await roleIdOf(db, orgId, 'admin'),
    ];
    const [member] = await db.select({ roleId: members.roleId }).from(members).where(isTheirs);
    if (!member) throw invalidField({ path: 'userId', message: 'is not an active member' });
    await db.update(members).set({ roleId: ownerRoleId }).where(isTheirs);
    await db
      .update(members)
      .set({ roleId: adminRoleId })
      .where(and(eq(members.orgId, orgId), eq(members.userId, actor.userId)));
    const transfer = { id: orgId, fromUserId: actor.userId, toUserId: userId };
    for (const [changedId, fromRoleId, toRoleId] of [
      [userId, member.roleId, ownerRoleId],
      [actor.userId, ownerRoleId, adminRoleId],
    ] as const) {
      const details = { fromRoleId, toRoleId };
      await noteSecurityEvent(context, { kind: 'member_role_changed', userId: changedId, details });
    }
    emit(ownershipTransferred, transfer);
    return transfer;
  },
});

async function roleIdOf(db: Transaction, orgId: string, key: string): Promise<string> {
  const [role] = await db
    .select({ id: roles.id })
    .from(roles)
    .where(and(eq(roles.orgId, orgId), eq(roles.key, key)));
  if (!role) throw new AppError('internal', `There is no role ${key}`);
  return role.id;
}
