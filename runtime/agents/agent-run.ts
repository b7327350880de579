import { and, eq, sql } from 'drizzle-orm';
import { AgentDefinition } from '#core/agents/definition.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentRuns, agents, agentVersions } from '#db/schema/index.js';

export interface RunPlace {
  orgId: string;
  runId: string;
}

export type AgentRunRow = typeof agentRuns.$inferSelect;

/** A run with the version that it pins. */
export interface OpenRun {
  run: AgentRunRow;
  agent: Pick<typeof agents.$inferSelect, 'name' | 'status'> & { isDeleted: boolean };
  definition: AgentDefinition;
  grantId: string;
  /** Nothing is done in it at present: it is paused or put away, its agent does not act, or all agents are stopped. */
  isHalted: boolean;
}

/**
 * Reads a run with its version; with `isLocked` nobody else changes it until the transaction ends. Throws `not_found`.
 */
export async function openRun(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  { isLocked = false }: { isLocked?: boolean } = {},
): Promise<OpenRun> {
  // A statement that waits for the lock sees the run as it is then, but its agent as it was before: so that is read after it.
  if (isLocked)
    await transaction
      .select({ id: agentRuns.id })
      .from(agentRuns)
      .where(and(eq(agentRuns.orgId, orgId), eq(agentRuns.id, runId)))
      .for('update');
  const [row] = await transaction
    .select({
      run: agentRuns,
      name: agents.name,
      status: agents.status,
      deletedAt: agents.deletedAt,
      definition: agentVersions.definition,
      grantId: agentVersions.grantId,
      areAllStopped: agentsAreStopped(orgId),
    })
    .from(agentRuns)
    .innerJoin(agents, and(eq(agents.orgId, agentRuns.orgId), eq(agents.id, agentRuns.agentId)))
    .innerJoin(
      agentVersions,
      and(
        eq(agentVersions.orgId, agentRuns.orgId),
        eq(agentVersions.agentId, agentRuns.agentId),
        eq(agentVersions.version, agentRuns.agentVersion),
      ),
    )
    .where(and(eq(agentRuns.orgId, orgId), eq(agentRuns.id, runId)));
  if (!row) throw new AppError('not_found', 'There is no such run');
  const { run, name, status, deletedAt, definition, grantId, areAllStopped } = row;
  const isDeleted = deletedAt !== null;
  return {
    run,
    agent: { name, status, isDeleted },
    definition: AgentDefinition.parse(definition),
    grantId,
    isHalted:
      areAllStopped || isDeleted || status !== 'active' || run.pausedAt !== null || run.deletedAt !== null,
  };
}

/** Whether somebody has stopped all agents of the organization. */
export function agentsAreStopped(orgId: string) {
  return sql<boolean>`EXISTS (SELECT FROM ai_settings WHERE org_id = ${orgId}::uuid AND agents_stopped_at IS NOT NULL)`;
}

/** Changes a run's row. */
export async function changeRun(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  changes: Partial<AgentRunRow>,
): Promise<void> {
  await transaction
    .update(agentRuns)
    .set(changes)
    .where(and(eq(agentRuns.orgId, orgId), eq(agentRuns.id, runId)));
}
