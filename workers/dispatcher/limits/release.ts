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

/** Lets runs start that were held. First attempts of one light version share a workflow. */
export async function release(
  transaction: Transaction,
  turn: Turn,
  runs: readonly Releasable[],
): Promise<void> {
  if (runs.length === 0) return;
  const leaders = new Map<string, { id: string; count: number }>();
  const rows = runs.map(({ id, automationId, version, attempt, isLight }) => {
    if (!isLight || attempt > 1) return { id, workflow_id: runWorkflowId(turn.orgId, id, attempt) };
    const key = `${automationId} ${version}`;
    const known = leaders.get(key);
    const leader = known && known.count < maxGroupSize ? known : { id, count: 0 };
    leader.count += 1;
    leaders.set(key, leader);
    return { id, workflow_id: runWorkflowId(turn.orgId, leader.id) };
  });
  const released = await transaction.execute<{ id: string }>(sql`
    UPDATE runs SET held_for = NULL, held_until = NULL, released_at = clock_timestamp(), workflow_id = next.workflow_id
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS next (id uuid, workflow_id text)
    WHERE runs.id = next.id AND runs.status = 'queued' AND runs.held_for IS NOT NULL
    RETURNING runs.id`);
  turn.quota.room -= released.length;
  turn.releasedIds.push(...released.map(({ id }) => id));
}
