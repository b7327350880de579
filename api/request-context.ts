import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Caller } from '#runtime/caller.js';

/** What is known of a request on its way through, for its log line, its metrics and its problem. */
export interface RequestContext {
  requestId: string;
  caller?: Caller;
  /** Action that it performs. */
  action?: string;
  /** Route template, such as `/v1/tasks/:id`. */
  route?: string;
  /** Its success is logged at debug only: frequent, and recorded elsewhere. */
  isQuiet?: boolean;
  /** Its path holds a key and is not to be logged. */
  hasSecretPath?: boolean;
  /** Stays open for long; its duration says nothing. */
  isStream?: boolean;
}

const saneRequestId = /^[A-Za-z0-9._~:+/=-]{1,128}$/;
const contexts = new WeakMap<IncomingMessage, RequestContext>();

/** Gives each request its context and its `X-Request-Id`: the caller's own if it is a plain token, else a new one. */
export const openRequestContext: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const requestId = given !== undefined && saneRequestId.test(given) ? given : randomUUID();
  contexts.set(request, { requestId });
  response.setHeader('X-Request-Id', requestId);
  next();
};

/** The context of a request that came through `openRequestContext`. */
export function contextOf(request: IncomingMessage): RequestContext {
  const context = contexts.get(request);
  if (!context) throw new Error('openRequestContext must come before everything that asks for the context');
  return context;
}

/** The path without its query, which may hold secrets. */
export function pathOf(request: { originalUrl: string }): string {
  return request.originalUrl.split('?', 1)[0] ?? '/';
}
