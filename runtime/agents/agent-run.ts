import { and, eq } from 'drizzle-orm';
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
}

/**
 * Reads a run with its version; with `isLocked` nobody else changes it until the transaction ends. Throws `not_found`.
 */
export async function openRun(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  { isLocked = false }: { isLocked?: boolean } = {},
): Promise<OpenRun> {
  const query = transaction
    .select({
      run: agentRuns,
      name: agents.name,
      status: agents.status,
      deletedAt: agents.deletedAt,
      definition: agentVersions.definition,
      grantId: agentVersions.grantId,
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
  const [row] = await (isLocked ? query.for('update', { of: agentRuns }) : query);
  if (!row) throw new AppError('not_found', 'There is no such run');
  const { run, name, status, deletedAt, definition, grantId } = row;
  return {
    run,
    agent: { name, status, isDeleted: deletedAt !== null },
    definition: AgentDefinition.parse(definition),
    grantId,
  };
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
