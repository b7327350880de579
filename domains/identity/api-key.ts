import { z } from 'zod';
import { apiKeys } from '#db/schema/index.js';
import { makeBoundToken, parseBoundToken } from './bound-token.js';

/** An API key as it is listed: never the key, never its hash. */
export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string().describe('First and last characters, to recognise the key'),
  scopes: z.array(z.string()),
  userId: z.uuid().describe('Whose permissions bound the key'),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To the minute'),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});

/** Columns that ApiKey shows. */
export const apiKeyFields = {
  id: apiKeys.id,
  name: apiKeys.name,
  prefix: apiKeys.prefix,
  scopes: apiKeys.scopes,
  userId: apiKeys.userId,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
};

const prefix = 'wsk_';

/** A new key: `wsk_` and base64url of organization id, key id and 256 random bits. */
export function makeApiKey(orgId: string, keyId: string): string {
  return makeBoundToken(prefix, { ownerId: orgId, rowId: keyId });
}

/** Whose key it claims to be, or undefined where it has not the form of one. */
export function parseApiKey(key: string): { orgId: string; keyId: string } | undefined {
  const parsed = parseBoundToken(prefix, key);
  return parsed && { orgId: parsed.ownerId, keyId: parsed.rowId };
}

/** What may be shown of a key later: keys of one organization begin alike, so the last characters are in it too. */
export function recognizablePart(key: string): string {
  return `${key.slice(0, 8)}…${key.slice(-4)}`;
}
