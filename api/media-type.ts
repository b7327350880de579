import type { IncomingMessage } from 'node:http';

/** The media type of a body without its parameters, in lower case; empty if none is given. */
export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
