import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { dispatchQueue, erasures } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { Erasure, erasureColumns } from './erasure.js';

/** Begins an erasure again that has left something, or was refused. Throws `conflict` for any other. */
export const retryErasure = defineAction({
  name: 'erasures.retry',
  title: 'Retry erasure',
  description: 'Goes through everything once more, for an erasure that has left something or was refused.',
  permission: 'people:erase',
  effect: 'destroy',
  http: { method: 'post', path: '/erasures/:id/retry', status: 202 },
  input: z.strictObject({ id: z.uuid() }),
  output: Erasure,
  async run({ db, actor, services, afterCommit }: DomainContext, { id }) {
    const [known] = await db
      .select({ status: erasures.status })
      .from(erasures)
      .where(eq(erasures.id, id))
      .for('update');
    if (!known) throw new AppError('not_found', 'There is no such erasure');
    if (known.status !== 'incomplete' && known.status !== 'refused') {
      throw new AppError('conflict', `The erasure is ${known.status}`);
    }
    const [row] = await db
      .update(erasures)
      .set({ status: 'scheduled', dueAt: sql`now()`, finishedAt: null })
      .where(and(eq(erasures.id, id)))
      .returning(erasureColumns);
    if (!row) throw new AppError('internal', 'The erasure was not changed');
    await db.insert(dispatchQueue).values({ orgId: actor.orgId, kind: 'erasure', sourceId: id });
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'erasure', id }));
    return row;
  },
});
