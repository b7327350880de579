import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { maxGroupSize } from '#runtime/runs/run-group.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import type { Turn } from './turn.js';

export interface Releasable {
  id: string;
  automationId: string;
  version: number;
  attempt: number;
  isLight: boolean;
}

/** Lets runs start that were held. */
export async function release(
  transaction: Transaction,
  turn: Turn,
  runs: readonly Releasable[],
): Promise<void> {
  turn.releasedIds.push(...(await letGo(transaction, turn, placeInWorkflows(turn.orgId, runs))));
}

/** A run and the workflow that is to carry it. */
export interface Placed {
  id: string;
  workflowId: string;
}

/** First attempts of one light version share a workflow. */
export function placeInWorkflows(orgId: string, runs: readonly Releasable[]): Placed[] {
  const leaders = new Map<string, { id: string; count: number }>();
  return runs.map(({ id, automationId, version, attempt, isLight }) => {
    if (!isLight || attempt > 1) return { id, workflowId: runWorkflowId(orgId, id, attempt) };
    const key = `${automationId} ${version}`;
    const known = leaders.get(key);
    const leader = known && known.count < maxGroupSize ? known : { id, count: 0 };
    leader.count += 1;
    leaders.set(key, leader);
    return { id, workflowId: runWorkflowId(orgId, leader.id) };
  });
}

/** Takes the organization's room for runs, which are no longer held. Returns the ids of those that still were. */
export async function letGo(
  transaction: Transaction,
  { quota }: Pick<Turn, 'quota'>,
  placed: readonly Placed[],
): Promise<string[]> {
  if (placed.length === 0) return [];
  const rows = placed.map(({ id, workflowId }) => ({ id, workflow_id: workflowId }));
  const released = await transaction.execute<{ id: string; attempt: number }>(sql`
    UPDATE runs SET held_for = NULL, held_until = NULL, released_at = clock_timestamp(), workflow_id = next.workflow_id
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS next (id uuid, workflow_id text)
    WHERE runs.id = next.id AND runs.status = 'queued' AND runs.held_for IS NOT NULL
    RETURNING runs.id, runs.attempt`);
  quota.room -= released.length;
  // Who takes a run up again goes on with one that was counted.
  quota.begun += released.filter(({ attempt }) => attempt === 1).length;
  return released.map(({ id }) => id);
}
