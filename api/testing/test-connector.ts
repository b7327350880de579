import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Connector, defineConnector, defineConnectorAction } from '#core/connector.js';
import { AppError } from '#core/errors.js';

export const hookSecret = 'a secret of the vendor';
export const maxBodySize = 64 * 1024;

/** Signs a body as the test vendor does. */
export function sign(body: string): string {
  return createHmac('sha256', hookSecret).update(body).digest('hex');
}

const Body = z.looseObject({ type: z.string().optional(), challenge: z.string().optional() });

/** An app whose deliveries are JSON signed with HMAC-SHA-256 in `x-signature`, as most vendors do it. */
export const testConnector: Connector = defineConnector({
  name: 'acme',
  title: 'Acme',
  description: 'Sends and receives messages of Acme.',
  config: z.object({}),
  auth: { kind: 'token', secret: z.string() },
  actions: [
    defineConnectorAction({
      name: 'acme.compute',
      title: 'Compute',
      description: 'Computes, without any connection.',
      permission: 'acme:compute',
      effect: 'read',
      connection: 'none',
      input: z.strictObject({ text: z.string().optional() }),
      output: z.unknown(),
      run: async () => null,
    }),
    defineConnectorAction({
      name: 'acme.send',
      title: 'Send message',
      description: 'Sends a message.',
      permission: 'acme:send',
      effect: 'send',
      input: z.object({ text: z.string() }),
      output: z.object({ id: z.string() }),
      run: async () => ({ id: 'm1' }),
    }),
  ],
  triggers: [],
  webhook: {
    contentTypes: ['application/json'],
    maxBodySize,
    async receive({ headers, body }, secret) {
      const expected = Buffer.from(createHmac('sha256', String(secret)).update(body).digest('hex'));
      const given = Buffer.from(headers['x-signature'] ?? '');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new AppError('unauthenticated', 'The signature does not fit');
      }
      const { type, challenge, ...payload } = readBody(body);
      if (challenge !== undefined) return { kind: 'handshake', contentType: 'text/plain', body: challenge };
      const triggers = type === undefined ? [] : [`acme.${type}`];
      return { kind: 'event', deliveryId: headers['x-delivery'] ?? '', triggers, payload };
    },
  },
  test: async () => ({ account: 'acme' }),
});

function readBody(body: Uint8Array): z.infer<typeof Body> {
  try {
    return Body.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (cause) {
    throw new AppError('malformed', 'The body is not JSON', { cause });
  }
}
