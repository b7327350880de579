import { z } from 'zod';
import { defineConnector } from '#core/connector.js';
import { WebhookSecret } from './connection.js';
import { requestCheck } from './request-check.js';

export const webhook = defineConnector({
  name: 'webhook',
  title: 'Webhook',
  description: 'The secret by which senders prove themselves to an automation with a webhook of its own.',
  config: z.strictObject({}),
  auth: { kind: 'token', secret: WebhookSecret },
  actions: [],
  triggers: [],
  requestCheck,
  test: async ({ secret }) => ({ account: secret.scheme }),
});
