import type { Request } from 'express';
import type { ReceivedDelivery, WebhookReceiver } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { readBody } from '../body/read-body.js';
import { mediaTypeOf } from '../media-type.js';

/**
 * Takes a vendor's delivery: content type, size, then the connector's own check of the signature. Throws
 * `unsupported_media_type`, `payload_too_large`, `unauthenticated`, `malformed`.
 */
export async function receiveConnectionDelivery(
  request: Request,
  receiver: WebhookReceiver,
  secret: unknown,
): Promise<ReceivedDelivery> {
  const receivedAt = Date.now();
  if (!receiver.contentTypes.includes(mediaTypeOf(request))) {
    throw new AppError('unsupported_media_type', `Send one of: ${receiver.contentTypes.join(', ')}`);
  }
  const body = await readBody(request, receiver.maxBodySize);
  return receiver.receive({ headers: plainHeaders(request), body, receivedAt }, secret);
}

/** Headers with one string each; Node already gives lower-case names. */
export function plainHeaders(request: Request): Record<string, string> {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(headers);
}
