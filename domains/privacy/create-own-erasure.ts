import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { organizations } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { DomainContext } from '#runtime/domain.js';
import { isLastOwner } from '#runtime/membership/lock-people.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { checkEmail, findMember, lastOwnerStays } from './create-erasure.js';
import { Erasure } from './erasure.js';
import { listOwnOrganizations } from './own-organizations.js';
import { scheduleErasure } from './schedule-erasure.js';

/**
 * Lets a person go: from this organization, or from all of them with their account. Throws `conflict` where they are the
 * last owner; for an account it names all such organizations.
 */
export const createOwnErasure = defineAction({
  name: 'erasures.create_own',
  title: 'Leave and be erased',
  description:
    'Erases you from this organization, or from all organizations together with your account, in seven days. Until then you can cancel it.',
  permission: 'self',
  needsRecentSignIn: true,
  effect: 'destroy',
  http: { method: 'post', path: '/erasures/own', status: 202 },
  input: z.strictObject({
    scope: z.enum(['organization', 'account']),
    confirmEmail: z.string().max(254).describe('Your mail address, typed once more'),
  }),
  output: Erasure,
  async run({ db, actor }: DomainContext, { scope, confirmEmail }) {
    const { orgId, userId } = actor;
    checkEmail((await findMember(db, userId)).email, confirmEmail);
    const wanted = { subjectId: userId, requestedBy: userId, includesName: false };
    if (scope === 'organization') {
      if (await isLastOwner(db, orgId, userId)) throw lastOwnerStays();
      return scheduleErasure(db, { ...wanted, orgId, accountErasureId: null });
    }
    const orgIds = await listOwnOrganizations(db, userId);
    await refuseLastOwner(db, orgIds, userId);
    const accountErasureId = timeOrderedId();
    for (const other of orgIds.filter((id) => id !== orgId)) {
      await enterOrg(db, other);
      const { id } = await scheduleErasure(db, { ...wanted, orgId: other, accountErasureId });
      // The door writes that of the organization in which it was asked for; the others get theirs here.
      const details = { input: { id }, output: undefined, requestId: undefined };
      const audit = auditEntry({ ...actor, orgId: other }, createOwnErasure, details);
      await writeRecords(db, { orgId: other, audit });
    }
    await enterOrg(db, orgId);
    return scheduleErasure(db, { ...wanted, orgId, accountErasureId });
  },
});

async function refuseLastOwner(db: Transaction, orgIds: readonly string[], userId: string): Promise<void> {
  const names: string[] = [];
  for (const orgId of orgIds) {
    await enterOrg(db, orgId);
    if (!(await isLastOwner(db, orgId, userId))) continue;
    const [organization] = await db
      .select({ name: organizations.name, slug: organizations.slug })
      .from(organizations)
      .where(eq(organizations.id, orgId));
    names.push(`${organization?.name} (${organization?.slug})`);
  }
  if (names.length === 0) return;
  const message = `You are the last owner of ${names.join(', ')}: hand over, or delete, before your account can go`;
  throw new AppError('conflict', message, {
    issues: names.map((name) => ({ path: 'scope', message: `You are the last owner of ${name}` })),
  });
}
