import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { deliveryPayload } from '#runtime/runs/source-payload.js';
import { writeDeliveries } from '#runtime/write-deliveries.js';
import { findDelivery } from './get-delivery.js';

export const replayDelivery = defineAction({
  name: 'deliveries.replay',
  title: 'Replay delivery',
  description: 'Lets a delivery happen again, as a new one: automations that listen now start new runs.',
  permission: 'deliveries:replay',
  effect: 'write',
  http: { method: 'post', path: '/deliveries/:id/replay', status: 202 },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ deliveryId: z.uuid() }),
  async run({ db, actor, services, afterCommit }: DomainContext, { id }) {
    const original = await findDelivery(db, id);
    const { provider, hookKey, triggers } = original;
    const files = services.files(actor.orgId, db);
    const repeat = {
      orgId: actor.orgId,
      provider,
      hookKey,
      triggers,
      externalId: `replay:${randomUUID()}`,
      payload: await deliveryPayload(files, original),
      replayOf: id,
    };
    const [accepted] = await writeDeliveries(db, files, [repeat]);
    if (!accepted) throw new AppError('internal', 'The replayed delivery was not written');
    const { deliveryId } = accepted;
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'delivery', id: deliveryId }));
    return { deliveryId };
  },
});
