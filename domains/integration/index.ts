import type { Domain } from '#runtime/domain.js';
import { connectionActions, connectionEvents } from './connection-resource.js';
import { createConnection } from './create-connection.js';
import { getDelivery } from './get-delivery.js';
import { listDeliveries } from './list-deliveries.js';
import { listUses } from './list-uses.js';
import { replayDelivery } from './replay-delivery.js';
import { testConnection } from './test-connection.js';
import { updateConnection } from './update-connection.js';

/** Connections to apps, and what those apps deliver. */
export const integration: Domain = {
  name: 'integration',
  description: 'Connections to apps with their credentials, and the webhooks and mail that came in.',
  actions: [
    ...connectionActions,
    createConnection,
    updateConnection,
    testConnection,
    listUses,
    listDeliveries,
    getDelivery,
    replayDelivery,
  ],
  events: connectionEvents,
};
