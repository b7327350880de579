import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { erasures } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Erasure, erasureColumns, visibleErasures } from './erasure.js';
import { listOwnOrganizations } from './own-organizations.js';

/**
 * Takes an erasure back that has not begun; one of an account in all organizations. What a person has asked for, only that
 * person may take back; what the organization has, who may erase. Throws `conflict` for one that has begun.
 */
export const cancelErasure = defineAction({
  name: 'erasures.cancel',
  title: 'Cancel erasure',
  description: 'Takes back an erasure that has not begun.',
  permission: 'identity:erase',
  effect: 'write',
  http: { method: 'post', path: '/erasures/:id/cancel' },
  input: z.strictObject({ id: z.uuid() }),
  output: Erasure,
  async run({ db, actor }: DomainContext, { id }) {
    const [row] = await db
      .select({
        requestedBy: erasures.requestedBy,
        subjectId: erasures.subjectId,
        group: erasures.accountErasureId,
      })
      .from(erasures)
      .where(and(eq(erasures.id, id), visibleErasures(actor)));
    if (!row) throw new AppError('not_found', 'There is no such erasure');
    const isOwnWish = row.requestedBy === row.subjectId;
    if (isOwnWish !== (row.subjectId === actor.userId)) {
      throw new AppError(
        'forbidden',
        isOwnWish ? 'Only this person may take it back' : 'You may not take this back',
      );
    }
    const [cancelled] = await cancel(db, and(eq(erasures.id, id)));
    if (!cancelled) throw new AppError('conflict', 'The erasure has begun, or is over');
    if (row.group !== null) await cancelElsewhere(db, actor.orgId, actor.userId, row.group);
    return cancelled;
  },
});

async function cancelElsewhere(db: Transaction, orgId: string, userId: string, group: string): Promise<void> {
  for (const other of await listOwnOrganizations(db, userId)) {
    if (other === orgId) continue;
    await enterOrg(db, other);
    await cancel(db, eq(erasures.accountErasureId, group));
  }
  await enterOrg(db, orgId);
}

function cancel(db: Transaction, which: ReturnType<typeof eq> | undefined) {
  return db
    .update(erasures)
    .set({ status: 'cancelled', finishedAt: new Date().toISOString() })
    .where(and(which, eq(erasures.status, 'scheduled')))
    .returning(erasureColumns);
}
