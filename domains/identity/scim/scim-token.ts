import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { scimTokens } from '#db/schema/index.js';
import type { Actor } from '#runtime/caller.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { recognizablePart } from '../api-key.js';
import { hashToken, makeBoundToken, parseBoundToken } from '../bound-token.js';

/** A SCIM token as it is listed: never the token, never its hash. */
export const ScimToken = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string().describe('First and last characters, to recognise the token'),
  createdBy: z.uuid(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To the minute'),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});

export const NewScimToken = ScimToken.extend({
  token: z.string().describe('Shown only here: give it to the identity provider'),
});

export const scimTokenFields = {
  id: scimTokens.id,
  name: scimTokens.name,
  prefix: scimTokens.prefix,
  createdBy: scimTokens.createdBy,
  createdAt: scimTokens.createdAt,
  lastUsedAt: scimTokens.lastUsedAt,
  expiresAt: scimTokens.expiresAt,
  revokedAt: scimTokens.revokedAt,
};

const tokenPrefix = 'wss_';
const maxUsableTokens = 20;

/** Whose token it claims to be, or undefined where it has not the form of one. */
export function parseScimToken(token: string): { orgId: string; tokenId: string } | undefined {
  const parsed = parseBoundToken(tokenPrefix, token);
  return parsed && { orgId: parsed.ownerId, tokenId: parsed.rowId };
}

/** Makes a token. Throws `limit_exceeded` where the organization has twenty that can be used. */
export async function insertScimToken(
  db: Transaction,
  { orgId, userId }: Actor,
  { name, expiresAt }: { name: string; expiresAt: string | null },
): Promise<z.input<typeof NewScimToken>> {
  const usable = await db.$count(
    scimTokens,
    and(eq(scimTokens.orgId, orgId), isNull(scimTokens.revokedAt), isUnexpired()),
  );
  if (usable >= maxUsableTokens) {
    throw new AppError('conflict', `An organization may have ${maxUsableTokens} tokens: revoke one first`);
  }
  const id = timeOrderedId();
  const token = makeBoundToken(tokenPrefix, { ownerId: orgId, rowId: id });
  const values = { orgId, id, name, prefix: recognizablePart(token), hash: hashToken(token), expiresAt };
  const [made] = await db
    .insert(scimTokens)
    .values({ ...values, createdBy: userId })
    .returning(scimTokenFields);
  if (!made) throw new AppError('internal', 'The token was not written');
  return { ...made, token };
}

export function isUnexpired() {
  return or(isNull(scimTokens.expiresAt), sql`${scimTokens.expiresAt} > now()`);
}
