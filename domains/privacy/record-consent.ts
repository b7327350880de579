import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { consents } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { Consent, consentColumns, consentFields } from './consent.js';
import { findMember } from './create-erasure.js';

/**
 * Records that a person has agreed. The same again is the one that is there; another text or source takes its place, and
 * the one before is kept as withdrawn. Throws `forbidden` for another person without `consents:manage`.
 */
export const recordConsent = defineAction({
  name: 'consents.record',
  title: 'Record consent',
  description: 'Records what a person has agreed to: for what, to which text, and where.',
  permission: 'consents:record',
  effect: 'write',
  http: { method: 'post', path: '/consents', status: 201 },
  input: z.strictObject({
    ...consentFields,
    userId: z.uuid().optional().describe('Who has agreed; you unless given'),
  }),
  output: Consent,
  async run({ db, actor }: DomainContext, { userId = actor.userId, ...given }) {
    checkWhose(actor, userId);
    await findMember(db, userId);
    const current = await findCurrent(db, userId, given.purpose);
    if (current?.textVersion === given.textVersion && current.source === given.source) return current;
    if (current) await withdraw(db, current.id, actor.userId);
    const values = { ...given, orgId: actor.orgId, userId, recordedBy: actor.userId };
    try {
      const [made] = await db.insert(consents).values(values).returning(consentColumns);
      if (!made) throw new AppError('internal', 'The consent was not written');
      return made;
    } catch (error) {
      if (!violatesUnique(error, 'consents_in_force')) throw error;
      throw new AppError('conflict', 'It was recorded at the same moment', { cause: error });
    }
  },
});

/** Withdraws a consent. Throws `not_found`, and `conflict` where it was withdrawn before. */
export const withdrawConsent = defineAction({
  name: 'consents.withdraw',
  title: 'Withdraw consent',
  description: 'Ends a consent. That it was given stays on record.',
  permission: 'consents:record',
  effect: 'write',
  http: { method: 'post', path: '/consents/:id/withdraw' },
  input: z.strictObject({ id: z.uuid() }),
  output: Consent,
  async run({ db, actor }: DomainContext, { id }) {
    const [known] = await db
      .select({ userId: consents.userId, withdrawnAt: consents.withdrawnAt })
      .from(consents)
      .where(eq(consents.id, id));
    if (!known || !mayActFor(actor, known.userId)) {
      throw new AppError('not_found', 'There is no such consent');
    }
    const [row] = await withdraw(db, id, actor.userId);
    if (!row) throw new AppError('conflict', 'The consent was withdrawn already');
    return row;
  },
});

/** For oneself, or for anybody with `consents:manage`. */
export function mayActFor(actor: Actor, userId: string): boolean {
  return userId === actor.userId || holdsPermission(actor, 'consents:manage');
}

function checkWhose(actor: Actor, userId: string): void {
  if (mayActFor(actor, userId)) return;
  throw new AppError('forbidden', 'consents.record needs the permission consents:manage for other people');
}

async function findCurrent(db: Transaction, userId: string, purpose: string) {
  const [row] = await db
    .select(consentColumns)
    .from(consents)
    .where(and(eq(consents.userId, userId), eq(consents.purpose, purpose), isNull(consents.withdrawnAt)));
  return row;
}

/** Two at once: the second finds it withdrawn. */
function withdraw(db: Transaction, id: string, withdrawnBy: string) {
  return db
    .update(consents)
    .set({ withdrawnAt: new Date().toISOString(), withdrawnBy })
    .where(and(eq(consents.id, id), isNull(consents.withdrawnAt)))
    .returning(consentColumns);
}
