import { isUtf8 } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { z } from 'zod';
import type { RawDelivery, RequestCheck } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import {
  type BasicSecret,
  type HmacSecret,
  type StandardWebhooksSecret,
  WebhookSecret,
} from './connection.js';

/** Proves senders by the secret of a connection. */
export const requestCheck: RequestCheck = {
  schemeOf: (secret) => WebhookSecret.parse(secret).scheme,
  needsBody: (secret) => ['hmac', 'standard_webhooks'].includes(WebhookSecret.parse(secret).scheme),
  credentialHeaders(given) {
    const secret = WebhookSecret.parse(given);
    return secret.scheme === 'header' ? [secret.header] : [];
  },
  check(delivery, given) {
    const secret = WebhookSecret.parse(given);
    if (!isGenuine(delivery, secret)) {
      throw new AppError('unauthenticated', 'The credential or signature is missing, wrong or expired');
    }
  },
};

function isGenuine(delivery: RawDelivery, secret: z.output<typeof WebhookSecret>): boolean {
  switch (secret.scheme) {
    case 'basic':
      return hasBasic(delivery, secret);
    case 'header':
      return isSame(delivery.headers[secret.header] ?? '', secret.value);
    case 'hmac':
      return hasHmac(delivery, secret);
    case 'standard_webhooks':
      return hasStandardSignature(delivery, secret);
  }
}

/** RFC 7617. */
function hasBasic({ headers }: RawDelivery, { username, password }: z.output<typeof BasicSecret>): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return isSame(Buffer.from(encoded, 'base64').toString('utf8'), `${username}:${password}`);
}

function hasHmac(
  { headers, body, receivedAt }: RawDelivery,
  {
    secret,
    header,
    algorithm,
    encoding,
    prefix,
    timestampHeader,
    toleranceSeconds,
  }: z.output<typeof HmacSecret>,
): boolean {
  const hmac = createHmac(algorithm, secret);
  if (timestampHeader !== undefined) {
    const timestamp = headers[timestampHeader] ?? '';
    if (!/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(receivedAt - Number(timestamp) * 1000) > toleranceSeconds * 1000) return false;
    hmac.update(`${timestamp}.`);
  }
  const expected = hmac.update(body).digest(encoding);
  const given = headers[header] ?? '';
  if (!given.startsWith(prefix)) return false;
  const signature = given.slice(prefix.length);
  return isSame(encoding === 'hex' ? signature.toLowerCase() : signature, expected);
}

/** The library takes timestamps of up to five minutes before and after now. */
function hasStandardSignature(
  { headers, body }: RawDelivery,
  { secret }: z.output<typeof StandardWebhooksSecret>,
): boolean {
  // The signature is over text; other bytes would be signed as what they are replaced with.
  if (!isUtf8(body)) return false;
  try {
    new Webhook(secret).verify(Buffer.from(body), { ...headers }, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

/** Compares in a time that tells neither content nor length. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
