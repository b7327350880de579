import { and, eq, isNull, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { apiKeys } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import { apiKeyFields } from './api-key.js';
import { Scope } from './scope.js';

/**
 * The actor's own key, locked, to be changed. Nobody changes another's: a rotated key acts as its person. Throws
 * `not_found` for a key of somebody else, one that has ended or none, and `forbidden` where the actor is a key or grant
 * narrower than it.
 */
export async function lockOwnApiKey(db: Transaction, actor: Actor, id: string) {
  const isLive = sql`coalesce(${apiKeys.expiresAt} > now(), true)`;
  const [found] = await db
    .select({ ...apiKeyFields, hash: apiKeys.hash })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.orgId, actor.orgId),
        eq(apiKeys.id, id),
        eq(apiKeys.userId, actor.userId),
        isNull(apiKeys.revokedAt),
        isLive,
      ),
    )
    .for('update');
  if (!found) throw new AppError('not_found', 'There is no such API key of yours');
  const beyond = found.scopes.find((scope) => actor.scopes && !holdsPermission(actor, Scope.parse(scope)));
  if (beyond !== undefined)
    throw new AppError('forbidden', `The key has the scope ${beyond}, which you do not have`);
  return found;
}
