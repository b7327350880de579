import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header')
  .toLowerCase();

export const BasicSecret = z.strictObject({
  scheme: z.literal('basic'),
  username: z
    .string()
    .max(200)
    .regex(/^[^:\p{Cc}]+$/u, 'must hold no colon'),
  password: z.string().min(8).max(1_000),
});

export const HeaderSecret = z.strictObject({
  scheme: z.literal('header'),
  header: headerName,
  /** The whole value of the header, such as `Bearer …`. */
  value: z.string().trim().min(8).max(4_000),
});

/** A signature over the raw body, as GitHub, Shopify and many others send it. */
export const HmacSecret = z.strictObject({
  scheme: z.literal('hmac'),
  secret: z.string().min(8).max(1_000),
  header: headerName,
  algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** Stands before the signature, such as `sha256=`. */
  prefix: z.string().max(50).default(''),
  /** Holds seconds since 1970. Where it is named, what is signed is `<timestamp>.<body>`. */
  timestampHeader: headerName.optional(),
  /** How old, or how far ahead, the timestamp may be. */
  toleranceSeconds: z.int().min(1).max(3_600).default(300),
});

/** https://www.standardwebhooks.com */
export const StandardWebhooksSecret = z.strictObject({
  scheme: z.literal('standard_webhooks'),
  /** `whsec_` and 24 to 64 bytes in base64. */
  secret: z.string().refine(isSigningSecret, 'must be whsec_ and 24 to 64 bytes in base64'),
});

/** What the senders of an automation's webhook share with it. */
export const WebhookSecret = z.discriminatedUnion('scheme', [
  BasicSecret,
  HeaderSecret,
  HmacSecret,
  StandardWebhooksSecret,
]);

function isSigningSecret(secret: string): boolean {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (bytes.length < 24 || bytes.length > 64) return false;
  try {
    return new Webhook(secret) instanceof Webhook;
  } catch {
    // Not base64.
    return false;
  }
}
