import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { agents, grants, members, organizations, roles, waits } from '#db/schema/index.js';
import type { Actor, Caller } from '../caller.js';
import {
  isGrantValid,
  membershipRefusal,
  organizationRefusal,
  rightsBy,
  standingFields,
} from '../standing.js';
import { agentsAreStopped } from './agent-run.js';

type AgentCaller = Extract<Caller, { kind: 'agent' }>;

/**
 * What an agent may do now: what its version was granted, of that what the person may do on whose behalf it acts. Throws `forbidden`
 * where grant, agent, person or run is none that acts any more, and `organization_suspended`.
 */
export async function resolveAgent(transaction: Transaction, caller: AgentCaller): Promise<Actor> {
  const { orgId, agentId, grantId, runId, userId, approval, approvalId, depth } = caller;
  const [row] = await transaction
    .select({
      ...standingFields,
      scopes: grants.scopes,
      isGrantValid,
      isActive: sql<boolean>`${agents.status} = 'active' AND ${agents.deletedAt} IS NULL AND NOT ${agentsAreStopped(orgId)}`,
      isRunOver: sql<boolean>`NOT EXISTS (SELECT FROM agent_runs WHERE org_id = ${orgId}::uuid AND id = ${runId}::uuid
        AND finished_at IS NULL AND cancel_requested_at IS NULL)`,
      isApproved: isApproved(orgId, runId, approvalId),
    })
    .from(grants)
    .innerJoin(agents, and(eq(agents.orgId, grants.orgId), eq(agents.id, grants.principalId)))
    .innerJoin(members, and(eq(members.orgId, grants.orgId), eq(members.userId, userId)))
    .innerJoin(roles, roleOfMember)
    .innerJoin(organizations, eq(organizations.id, grants.orgId))
    .where(
      and(
        eq(grants.orgId, orgId),
        eq(grants.id, grantId),
        eq(grants.principalKind, 'agent'),
        eq(grants.principalId, agentId),
      ),
    );
  if (!row?.isGrantValid || !row.isActive)
    throw new AppError('forbidden', 'This agent does not act at present, or what it was granted has ended');
  const refusal = membershipRefusal(row) ?? organizationRefusal(row, false);
  if (refusal) throw refusal;
  return {
    orgId,
    kind: 'agent',
    id: agentId,
    userId,
    ...rightsBy(row),
    scopes: row.scopes,
    runId,
    isRunOver: row.isRunOver,
    depth,
    consent: { policy: approval, isGiven: row.isApproved },
  };
}

/** Whether people have approved this very call of this very run. */
function isApproved(orgId: string, runId: string, approvalId: string | undefined) {
  if (approvalId === undefined) return sql<boolean>`false`;
  return sql<boolean>`EXISTS (SELECT FROM ${waits} w WHERE w.org_id = ${orgId}::uuid AND w.id = ${approvalId}::uuid
    AND w.agent_run_id = ${runId}::uuid AND w.kind = 'approval' AND w.status = 'answered'
    AND w.answer ->> 'decision' = 'approved')`;
}
