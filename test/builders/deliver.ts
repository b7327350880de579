import { randomUUID } from 'node:crypto';
import { dispatchChannel } from '#runtime/outbox.js';
import type { Services } from '#runtime/services.js';
import { writeDeliveries } from '#runtime/write-deliveries.js';
import { hookKeyOf } from './build-automation.js';

interface DeliveringApp {
  services: Services;
}

interface Target {
  orgId: string;
  webhookUrl: string;
}

/** What a webhook automation is sent: the body is what tests look at. */
export function webhookPayload(body: unknown) {
  return { method: 'POST', headers: {}, query: {}, body };
}

/**
 * Deliveries for one webhook automation, one for each body, written in a single transaction: the dispatcher finds
 * them together and makes a group of them. Returns their ids.
 */
export async function deliverTogether(
  { services }: DeliveringApp,
  { orgId, webhookUrl }: Target,
  bodies: readonly unknown[],
): Promise<string[]> {
  const deliveries = bodies.map((body) => ({
    orgId,
    provider: 'webhook',
    hookKey: hookKeyOf(webhookUrl),
    externalId: randomUUID(),
    triggers: ['webhook'],
    payload: webhookPayload(body),
  }));
  const accepted = await services.database.withOrg(orgId, (transaction) =>
    writeDeliveries(transaction, services.files(orgId, transaction), deliveries),
  );
  const ids = accepted.map(({ deliveryId }) => deliveryId);
  services.hub.publish(dispatchChannel, { type: 'delivery', id: ids[0] ?? '' });
  return ids;
}

/** One delivery for a webhook automation. Returns its id. */
export async function deliver(app: DeliveringApp, target: Target, body: unknown = {}): Promise<string> {
  const [id = ''] = await deliverTogether(app, target, [body]);
  return id;
}
