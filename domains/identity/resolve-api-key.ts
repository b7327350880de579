import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Database, Transaction } from '#db/client.js';
import { apiKeys } from '#db/schema/index.js';
import type { Caller } from '#runtime/caller.js';
import { parseApiKey } from './api-key.js';
import { hashToken, isSameHash } from './bound-token.js';

/**
 * Finds who calls with an API key, and notes that it was used, at most once a minute. Throws `unauthenticated`, the
 * same for a key that never was, is revoked or has expired. Rights are looked up later, when something is performed.
 */
export async function resolveApiKey(database: Database, key: string): Promise<Caller> {
  const parsed = parseApiKey(key);
  if (!parsed) throw refusal();
  const { orgId, keyId } = parsed;
  return database.withOrg(orgId, async (transaction) => {
    const found = await findKey(transaction, orgId, keyId);
    if (!found?.isUsable || !isSameHash(found.hash, hashToken(key))) throw refusal();
    if (found.isStale) await noteUse(transaction, orgId, keyId);
    return { kind: 'api_key', orgId, keyId, userId: found.userId, scopes: found.scopes };
  });
}

async function findKey(transaction: Transaction, orgId: string, keyId: string) {
  const [found] = await transaction
    .select({
      hash: apiKeys.hash,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      isUsable: sql<boolean>`${apiKeys.revokedAt} IS NULL AND coalesce(${apiKeys.expiresAt} > now(), true)`,
      isStale: sql<boolean>`coalesce(${apiKeys.lastUsedAt} < now() - interval '1 minute', true)`,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, keyId)));
  return found;
}

async function noteUse(transaction: Transaction, orgId: string, keyId: string): Promise<void> {
  await transaction
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, keyId)));
}

function refusal(): AppError {
  return new AppError('unauthenticated', 'The API key is not valid');
}
