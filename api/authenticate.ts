import type { Request } from 'express';
import { AppError } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import type { ApiApp } from './api-app.js';
import { contextOf } from './request-context.js';

const apiKeyPrefix = 'wsk_';

/**
 * Who calls: `Authorization: Bearer <access token>`, `Authorization: Bearer wsk_…` or `X-Api-Key: wsk_…`. Without a
 * credential the caller is anonymous. Throws `unauthenticated` for a credential that is not valid, `malformed` for
 * two of them.
 */
export async function authenticate(app: ApiApp, request: Request): Promise<Caller> {
  const caller = await resolve(app, request);
  contextOf(request).caller = caller;
  return caller;
}

async function resolve(app: ApiApp, request: Request): Promise<Caller> {
  const authorization = request.get('authorization');
  const apiKey = request.get('x-api-key');
  if (authorization !== undefined && apiKey !== undefined) {
    throw new AppError('malformed', 'Send one credential: Authorization or X-Api-Key, not both');
  }
  if (apiKey !== undefined) return app.resolveApiKey(apiKey, request.ip);
  if (authorization === undefined) return { kind: 'anonymous' };

  const credential = /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1];
  if (credential === undefined) {
    throw new AppError('unauthenticated', 'Send "Authorization: Bearer <access token or API key>"');
  }
  if (credential.startsWith(apiKeyPrefix)) return app.resolveApiKey(credential, request.ip);
  const { isOfSupport, ...claims } = await app.services.accessTokens.verify(credential);
  if (!isOfSupport) return { kind: 'user', ...claims };
  const { orgId, userId, sessionId } = claims;
  return { kind: 'support', orgId, userId, visitId: sessionId };
}
