import { z } from 'zod';
import { deliveries } from '#db/schema/index.js';

export const Delivery = z.object({
  id: z.uuid(),
  provider: z.string(),
  externalId: z.string().describe("The vendor's own id of the delivery"),
  triggers: z.array(z.string()),
  payloadSize: z.int().describe('Bytes'),
  receivedAt: z.iso.datetime(),
  dispatchedAt: z.iso.datetime().nullable().describe('When the dispatcher looked at it; null: still waiting'),
  runCount: z.int().describe('Runs that it started'),
  replayOf: z.uuid().nullable(),
});

export const deliveryColumns = {
  id: deliveries.id,
  provider: deliveries.provider,
  externalId: deliveries.externalId,
  triggers: deliveries.triggers,
  payloadSize: deliveries.payloadSize,
  receivedAt: deliveries.receivedAt,
  dispatchedAt: deliveries.dispatchedAt,
  runCount: deliveries.runCount,
  replayOf: deliveries.replayOf,
};
