import type { Hook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';
import { receiveConnectionDelivery } from './connection-delivery.js';
import type { Door } from './door.js';

/** Where an app sends its webhooks; undefined for an app that sends none. */
export function connectionDoor(app: ApiApp, hook: Extract<Hook, { kind: 'connection' }>): Door | undefined {
  const receiver = app.services.catalogue.connectors.get(hook.connector)?.webhook;
  if (!receiver) return undefined;
  const { orgId, connector: provider, hookKey } = hook;
  return {
    orgId,
    provider,
    methods: ['POST'],
    async receive(request, response) {
      const received = await receiveConnectionDelivery(request, receiver, hook.secret);
      if (received.kind === 'handshake') {
        response.status(200).type(received.contentType).send(received.body);
        return undefined;
      }
      const { deliveryId: externalId, triggers, payload } = received;
      return { orgId, provider, hookKey, externalId, triggers, payload };
    },
  };
}
