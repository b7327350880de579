import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { passkeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { titleField } from '#runtime/resource/text-field.js';
import { tellPerson } from '../email/tell-person.js';
import { enterUser } from '../person-context.js';
import { noteSecondFactor } from '../second-factor/note-second-factor.js';
import { Passkey, passkeyFields } from './passkey.js';

const sorts = { createdAt: byColumn(passkeys.createdAt), name: byColumn(passkeys.name) };
const mine = (userId: string, id: string) => and(eq(passkeys.userId, userId), eq(passkeys.id, id));

/** A page of the caller's own passkeys. */
export const listPasskeys = defineAction({
  name: 'passkeys.list',
  title: 'List my passkeys',
  description: 'Lists the passkeys that let you in.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/me/passkeys' },
  input: z.strictObject(pageInput(sorts, '-createdAt')),
  output: pageOutput(Passkey),
  async run({ db, actor: { userId } }: DomainContext, request) {
    await enterUser(db, userId);
    const page = openPage(sorts, passkeys.id, request);
    const rows = await db
      .select({ ...passkeyFields, ...page.fields })
      .from(passkeys)
      .where(and(eq(passkeys.userId, userId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

/** Gives a passkey another name. Throws `not_found`. */
export const renamePasskey = defineAction({
  name: 'passkeys.rename',
  title: 'Rename a passkey',
  description: 'Gives one of your passkeys another name.',
  permission: 'self',
  effect: 'write',
  http: { method: 'patch', path: '/me/passkeys/:id' },
  input: z.strictObject({ id: z.uuid(), name: titleField(100) }),
  output: Passkey,
  async run({ db, actor: { userId } }: DomainContext, { id, name }) {
    await enterUser(db, userId);
    const [renamed] = await db
      .update(passkeys)
      .set({ name })
      .where(mine(userId, id))
      .returning(passkeyFields);
    if (!renamed) throw noSuchPasskey();
    return renamed;
  },
});

/** Removes a passkey for good: its device can be added anew. Throws `not_found`. */
export const deletePasskey = defineAction({
  name: 'passkeys.delete',
  title: 'Remove a passkey',
  description: 'Removes a passkey: it lets nobody in any more.',
  permission: 'self',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'delete', path: '/me/passkeys/:id' },
  emits: ['security.second_factor_changed'],
  input: z.strictObject({ id: z.uuid() }),
  output: Passkey,
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    await enterUser(db, actor.userId);
    const [removed] = await db.delete(passkeys).where(mine(actor.userId, id)).returning(passkeyFields);
    if (!removed) throw noSuchPasskey();
    await tellPerson(context, {
      title: 'A passkey was removed',
      text: 'One of your passkeys no longer lets anybody in.',
    });
    await noteSecondFactor(context, 'passkey', 'removed');
    return removed;
  },
});

function noSuchPasskey(): AppError {
  return new AppError('not_found', 'There is no such passkey');
}
