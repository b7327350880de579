import { type SQL, sql } from 'drizzle-orm';
import { agents } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** Which agents an actor may know of: those that are open to all, their own, those to which they have access; with the right to change agents all. */
export function agentPolicy(actor: Actor): SQL | undefined {
  if (holdsPermission(actor, 'agents:update')) return undefined;
  return sql`(NOT ${agents.isRestricted} OR ${agents.ownerId} = ${actor.userId}::uuid OR EXISTS (
    SELECT FROM agent_access a WHERE a.org_id = ${agents.orgId} AND a.agent_id = ${agents.id} AND (
      a.kind = 'user' AND a.subject_id = ${actor.userId}::uuid
      OR a.kind = 'role' AND a.subject_id = (SELECT m.role_id FROM members m
        WHERE m.org_id = ${agents.orgId} AND m.user_id = ${actor.userId}::uuid))))`;
}
