import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { RawDelivery } from '#core/connector.js';
import type { WebhookHook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';
import { type BodyFormat, bodyFormat, maxValueSize } from '../body/decode-body.js';
import { readBody } from '../body/read-body.js';
import { readKeyHeader } from '../call-options.js';
import { checkJson } from '../check-json.js';
import type { ConcurrencyLimit } from '../concurrency-limit.js';
import { plainHeaders } from './connection-delivery.js';
import { senderCheck } from './sender-check.js';

const credentialHeaders = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];

/** What `trigger` holds in an automation with a webhook trigger. */
export interface WebhookPayload {
  method: string;
  /** Lower-case names; without credentials. */
  headers: Record<string, string>;
  /** A repeated name has a list. */
  query: Record<string, unknown>;
  /** Parsed JSON, the fields of a form with its files, text as it is, any other body as a file, or null. */
  body: unknown;
}

/**
 * Reads a request to an automation's webhook address once its sender is proven. Its external id is the sender's
 * `webhook-id` (Standard Webhooks) or `idempotency-key`, else a new one. `fileBodies` bounds how many bodies with files
 * are in memory. Throws `unauthenticated`, `unsupported_media_type`, `payload_too_large`, `malformed`, `validation`,
 * `limit_exceeded`.
 */
export async function receiveAutomationDelivery(
  app: ApiApp,
  hook: WebhookHook,
  request: Request,
  fileBodies: ConcurrencyLimit,
): Promise<{ externalId: string; payload: WebhookPayload }> {
  const receivedAt = Date.now();
  const headers = plainHeaders(request);
  const sender = senderCheck(app, hook);
  if (sender && !sender.needsBody) sender.check({ headers, body: new Uint8Array(), receivedAt });
  const format = bodyFormat(request.headers['content-type'] ?? '');
  const release = format.maxSize > maxValueSize ? fileBodies.take(hook.orgId) : () => {};
  try {
    const body = await readBody(request, format.maxSize);
    if (sender?.needsBody) sender.check({ headers, body, receivedAt });
    const hidden = new Set([...credentialHeaders, ...(sender?.credentialHeaders ?? [])]);
    return {
      externalId:
        readKeyHeader(request, 'webhook-id') ?? readKeyHeader(request, 'idempotency-key') ?? randomUUID(),
      payload: await readPayload(app, hook, request, { headers, body, format, hidden }),
    };
  } finally {
    release();
  }
}

interface Received extends Pick<RawDelivery, 'headers'> {
  body: Buffer;
  format: BodyFormat;
  hidden: ReadonlySet<string>;
}

async function readPayload(
  app: ApiApp,
  { orgId }: WebhookHook,
  { method, query }: Request,
  { headers, body, format, hidden }: Received,
): Promise<WebhookPayload> {
  const seen = Object.entries(headers).filter(([name]) => !hidden.has(name));
  const payload = { method, headers: Object.fromEntries(seen), query: { ...query } };
  checkJson(payload);
  const value = await format.decode(body, app.services.files(orgId));
  checkJson(value);
  return { ...payload, body: value };
}
