import { and, eq, type SQL } from 'drizzle-orm';
import { apiKeys } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** Whose keys the actor may see and revoke: everyone sees their own, who may change members sees all. */
export function visibleApiKeys(actor: Actor): SQL | undefined {
  const seesAll = holdsPermission(actor, 'members:update');
  return and(eq(apiKeys.orgId, actor.orgId), seesAll ? undefined : eq(apiKeys.userId, actor.userId));
}
