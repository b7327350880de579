import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members, sessions, superUsers, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { titleField } from '#runtime/resource/text-field.js';
import { appointSuperUser } from './appoint-super-user.js';
import { openPlatform } from './open-platform.js';
import { isTheirs, SuperUser, superUserFields } from './super-user.js';

const sorts = { createdAt: byColumn(superUsers.createdAt) };

/** A page of the people who run the platform. */
export const listSuperUsers = defineAction({
  name: 'super_users.list',
  title: 'List super-users',
  description: 'Lists the people who run the platform.',
  permission: 'platform:read',
  effect: 'read',
  http: { method: 'get', path: '/platform/super-users' },
  input: z.strictObject(pageInput(sorts, 'createdAt')),
  output: pageOutput(SuperUser),
  async run({ db }: DomainContext, request) {
    const page = openPage(sorts, superUsers.userId, request);
    const rows = await db
      .select({ ...superUserFields, ...page.fields })
      .from(superUsers)
      .innerJoin(users, isTheirs)
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

/**
 * Makes a person a super-user: by the account of this address, else with a new one, for which a link to set a password is
 * mailed. Again does nothing more, but mails another link to one without a password, three an hour at most.
 */
export const addSuperUser = defineAction({
  name: 'super_users.add',
  title: 'Add super-user',
  description: 'Makes a person a super-user, who can sign in to the platform with a second factor.',
  permission: 'platform:manage',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/platform/super-users', status: 201 },
  input: z.strictObject({
    email: z.email().max(254),
    name: titleField(200).optional().describe('Of one who has no account; the address unless given'),
  }),
  output: SuperUser,
  async run({ db, actor, services, audit, afterCommit }: DomainContext, { email, name }) {
    const { userId, announce } = await appointSuperUser(services, db, { email, name, addedBy: actor.id });
    afterCommit(announce);
    audit({ after: { userId } });
    return readSuperUser(db, userId);
  },
});

/** Ends at once all that a person may do on the platform, visits of support included. Throws `conflict` for the last one. */
export const removeSuperUser = defineAction({
  name: 'super_users.remove',
  title: 'Remove super-user',
  description: 'Takes all rights on the platform from a person, at once. Add them again to undo it.',
  permission: 'platform:manage',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'delete', path: '/platform/super-users/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: SuperUser,
  async run({ db, actor: { orgId }, audit }: DomainContext, { id }) {
    await openPlatform(db);
    const removed = await readSuperUser(db, id);
    await db.delete(superUsers).where(eq(superUsers.userId, id));
    if ((await db.$count(superUsers)) === 0) {
      throw new AppError('conflict', 'This is the last super-user: make somebody else one first');
    }
    await db
      .update(members)
      .set({ status: 'removed', removedAt: sql`now()` })
      .where(and(eq(members.orgId, orgId), eq(members.userId, id)));
    await db
      .update(sessions)
      .set({ revokedAt: sql`now()`, revokeReason: 'revoked' })
      .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, id), isNull(sessions.revokedAt)));
    audit({ before: { userId: id } });
    return removed;
  },
});

async function readSuperUser(db: Transaction, id: string) {
  const [row] = await db
    .select(superUserFields)
    .from(superUsers)
    .innerJoin(users, isTheirs)
    .where(eq(superUsers.userId, id));
  if (!row) throw new AppError('not_found', 'There is no such super-user');
  return row;
}
