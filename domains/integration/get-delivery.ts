import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { deliveries } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { deliveryPayload } from '#runtime/runs/source-payload.js';
import { Delivery } from './delivery.js';

export const getDelivery = defineAction({
  name: 'deliveries.get',
  title: 'Get delivery',
  description: 'One delivery with what it carried.',
  permission: 'deliveries:read',
  effect: 'read',
  http: { method: 'get', path: '/deliveries/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Delivery.extend({ payload: z.unknown() }),
  async run({ db, services, actor }: DomainContext, { id }) {
    const row = await findDelivery(db, id);
    return { ...row, payload: await deliveryPayload(services.files(actor.orgId, db), row) };
  },
});

/** The whole row. Throws `not_found`. */
export async function findDelivery(db: Transaction, id: string) {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  if (!row) throw new AppError('not_found', 'There is no such delivery');
  return row;
}
