import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RawDelivery, WebhookReceiver } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { SlackSecret } from './connection.js';

const toleranceMs = 5 * 60 * 1000;

/**
 * Slack's Events API: HMAC SHA-256 of `v0:<timestamp>:<raw body>` in `X-Slack-Signature`.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export const slackWebhook: WebhookReceiver = {
  contentTypes: ['application/json'],
  maxBodySize: 1024 * 1024,
  async receive(delivery, secret) {
    checkSignature(delivery, secret);
    const envelope = readEnvelope(delivery.body);
    switch (envelope.type) {
      case 'url_verification':
        return { kind: 'handshake', contentType: 'text/plain', body: envelope.challenge };
      case 'app_rate_limited': {
        const deliveryId = `app_rate_limited:${envelope.team_id}:${envelope.minute_rate_limited}`;
        return { kind: 'event', deliveryId, triggers: [], payload: envelope };
      }
      case 'event_callback': {
        // The deprecated verification token is a secret of the app; nobody needs it in a run's record.
        const { token: _token, ...payload } = envelope;
        return {
          kind: 'event',
          deliveryId: envelope.event_id,
          triggers: triggersOf(envelope.event),
          payload,
        };
      }
    }
  },
};

function checkSignature({ headers, body, receivedAt }: RawDelivery, secret: unknown): void {
  const { signingSecret } = SlackSecret.parse(secret);
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = Buffer.from(headers['x-slack-signature'] ?? '');
  if (signingSecret === undefined || !/^\d{1,15}$/.test(timestamp)) throw notGenuine();
  if (Math.abs(receivedAt - Number(timestamp) * 1000) > toleranceMs) throw notGenuine();
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex');
  const expected = Buffer.from(`v0=${digest}`);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw notGenuine();
}

const Event = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
});

const Envelope = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(1000) }),
  z.looseObject({
    type: z.literal('app_rate_limited'),
    team_id: z.string(),
    minute_rate_limited: z.number(),
  }),
  z.looseObject({
    type: z.literal('event_callback'),
    event_id: z.string().min(1),
    event: Event,
    token: z.string().optional(),
  }),
]);

function readEnvelope(body: Uint8Array): z.output<typeof Envelope> {
  try {
    return Envelope.parse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch (cause) {
    throw new AppError('malformed', 'The delivery of Slack could not be read.', { cause });
  }
}

function triggersOf({ type, subtype, bot_id }: z.output<typeof Event>): string[] {
  switch (type) {
    case 'message':
      // A subtype is an edit, a join and the like; a bot's message, ours among them, must not start a loop.
      return subtype === undefined && bot_id === undefined ? ['slack.message_posted'] : [];
    case 'app_mention':
      return ['slack.app_mentioned'];
    case 'reaction_added':
      return ['slack.reaction_added'];
    default:
      return [];
  }
}

function notGenuine(): AppError {
  return new AppError('unauthenticated', 'The signature of the delivery does not match or has expired.');
}
