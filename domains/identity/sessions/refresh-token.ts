import { makeBoundToken, parseBoundToken } from '../bound-token.js';

const prefix = 'wsr_';

/** `wsr_` and base64url of organization id, session id and 256 bits: random ones for a new session. */
export function makeRefreshToken(orgId: string, sessionId: string, secret?: Buffer): string {
  return makeBoundToken(prefix, { ownerId: orgId, rowId: sessionId, ...(secret && { secret }) });
}

/** Which session it claims to belong to, or undefined where it has not the form of a refresh token. */
export function parseRefreshToken(
  token: string | undefined,
): { orgId: string; sessionId: string; secret: Buffer } | undefined {
  const parsed = token === undefined ? undefined : parseBoundToken(prefix, token);
  return parsed && { orgId: parsed.ownerId, sessionId: parsed.rowId, secret: parsed.secret };
}
