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

/** The request in the form of the web's standards, without its credential and body. Aborted when the client goes. */
export function toWebRequest(request: ExpressRequest, response: ExpressResponse, address: string): Request {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const headers = new Headers();
  for (const name of passedOn) {
    const value = request.get(name);
    if (value !== undefined) headers.set(name, value);
  }
  return new Request(address, { method: request.method, headers, signal: gone.signal });
}

/** Sends an answer in that form, as it comes. */
export async function sendWebResponse(answer: Response, response: ExpressResponse): Promise<void> {
  response.status(answer.status);
  for (const [name, value] of answer.headers) response.setHeader(name, value);
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
