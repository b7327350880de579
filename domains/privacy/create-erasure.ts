import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { isLastOwner } from '#runtime/membership/lock-people.js';
import { shortestName } from '#runtime/privacy/marks.js';
import { Erasure } from './erasure.js';
import { scheduleErasure } from './schedule-erasure.js';

/**
 * Has a person erased from the organization after a time of grace. Throws `not_found` for who is no member, `validation`
 * naming `confirmEmail` or `includesName`, `forbidden` for an owner unless an owner asks, and `conflict` for the last owner.
 */
export const createErasure = defineAction({
  name: 'erasures.create',
  title: 'Erase person',
  description:
    'Erases a person from the organization in seven days: memberships and keys end, own rows are deleted, name and address are masked in texts, files and vectors. Until then it can be cancelled.',
  permission: 'people:erase',
  needsRecentSignIn: true,
  effect: 'destroy',
  http: { method: 'post', path: '/erasures', status: 202 },
  input: z.strictObject({
    userId: z.uuid(),
    confirmEmail: z.string().max(254).describe("The person's mail address, typed once more"),
    includesName: z
      .boolean()
      .default(false)
      .describe("Masks the person's name in texts, too; others of the same name are masked with it"),
  }),
  output: Erasure,
  async run({ db, actor }: DomainContext, { userId, confirmEmail, includesName }) {
    const { orgId } = actor;
    const person = await findMember(db, userId);
    checkEmail(person.email, confirmEmail);
    if (includesName && !canBeSearched(person.name)) {
      throw invalidField({ path: 'includesName', message: 'the name is too short to be searched for' });
    }
    if (person.roleKey === 'owner' && (await findMember(db, actor.userId)).roleKey !== 'owner') {
      throw new AppError('forbidden', 'Only an owner may erase an owner');
    }
    if (await isLastOwner(db, orgId, userId)) throw lastOwnerStays();
    const wanted = { orgId, subjectId: userId, requestedBy: actor.userId, includesName };
    return scheduleErasure(db, { ...wanted, accountErasureId: null });
  },
});

/** A member with account and role. Throws `not_found`. */
export async function findMember(db: Transaction, userId: string) {
  const [person] = await db
    .select({ email: users.email, name: users.name, roleKey: roles.key })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.userId, userId), ne(members.status, 'erased')));
  if (!person) throw new AppError('not_found', 'There is no such member');
  return person;
}

/** Throws `validation` naming `confirmEmail` if it is not the address. */
export function checkEmail(email: string, confirmEmail: string): void {
  if (email.toLowerCase() === confirmEmail.trim().toLowerCase()) return;
  throw invalidField({ path: 'confirmEmail', message: 'is not the mail address of this person' });
}

export function lastOwnerStays(): AppError {
  return new AppError('conflict', 'The last owner can not go: hand the organization over, or delete it');
}

/** Text in JSON that looks like it could be no text: a number, or a word of JSON. */
const notOnlyText = /^(true|false|null|[\d\s.,eE+-]+)$/;

function canBeSearched(name: string): boolean {
  return name.length >= shortestName && !notOnlyText.test(name);
}
