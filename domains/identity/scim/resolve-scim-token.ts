import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Database } from '#db/client.js';
import { scimTokens } from '#db/schema/index.js';
import type { Caller } from '#runtime/caller.js';
import { hashToken, isSameHash } from '../bound-token.js';
import { isUnexpired, parseScimToken } from './scim-token.js';

/**
 * Finds which organization's identity provider calls, and notes that its token was used, at most once a minute. Throws
 * `unauthenticated`, the same for a token that never was, is revoked or has expired.
 */
export async function resolveScimToken(database: Database, token: string): Promise<Caller> {
  const parsed = parseScimToken(token);
  if (!parsed) throw refusal();
  const { orgId, tokenId } = parsed;
  return database.withOrg(orgId, async (transaction) => {
    const own = and(eq(scimTokens.orgId, orgId), eq(scimTokens.id, tokenId));
    const [found] = await transaction
      .select({
        hash: scimTokens.hash,
        userId: scimTokens.createdBy,
        isUsable: sql<boolean>`${scimTokens.revokedAt} IS NULL AND ${isUnexpired()}`,
        isStale: sql<boolean>`coalesce(${scimTokens.lastUsedAt} < now() - interval '1 minute', true)`,
      })
      .from(scimTokens)
      .where(own);
    if (!found?.isUsable || !isSameHash(found.hash, hashToken(token))) throw refusal();
    if (found.isStale) await transaction.update(scimTokens).set({ lastUsedAt: sql`now()` }).where(own);
    return { kind: 'scim', orgId, tokenId, userId: found.userId };
  });
}

function refusal(): AppError {
  return new AppError('unauthenticated', 'The SCIM token is not valid');
}
