import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';

/** Headers that decide how a request of the protocol is understood. */
const passedOn = [
  'accept',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
];

/**
 * The request in the form of the web's standards, without its credential and body. Aborted when the client goes, and with
 * `until`.
 */
export function toWebRequest(
  request: ExpressRequest,
  response: ExpressResponse,
  { url, until }: { url: string; until?: AbortSignal },
): Request {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = until ? AbortSignal.any([gone.signal, until]) : gone.signal;
  const headers = new Headers();
  for (const name of passedOn) {
    const value = request.get(name);
    if (value !== undefined) headers.set(name, value);
  }
  return new Request(url, { method: request.method, headers, signal });
}

/** Sends an answer in that form, as it comes. */
export async function sendWebResponse(answer: Response, response: ExpressResponse): Promise<void> {
  response.status(answer.status);
  // Whether an answer may be kept has been said; a stream must not be held back by a proxy.
  for (const [name, value] of answer.headers) if (name !== 'cache-control') response.setHeader(name, value);
  response.setHeader('X-Accel-Buffering', 'no');
  if (answer.body === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  // The types of the web's streams and of Node's are the same thing, declared twice.
  const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(body, response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}
