import { and, asc, eq, inArray } from 'drizzle-orm';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { FileStore } from '#core/connector.js';
import type { ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentSteps } from '#db/schema/index.js';
import { packValue } from '../packing.js';
import type { RunPlace } from './agent-run.js';

export type AgentStepRow = typeof agentSteps.$inferSelect;

const openStatuses = ['pending', 'running', 'waiting'] as const;

/** The steps of a run that have not ended, in their order. */
export function readOpenSteps(transaction: Transaction, { orgId, runId }: RunPlace): Promise<AgentStepRow[]> {
  return transaction
    .select()
    .from(agentSteps)
    .where(
      and(
        eq(agentSteps.orgId, orgId),
        eq(agentSteps.runId, runId),
        inArray(agentSteps.status, [...openStatuses]),
      ),
    )
    .orderBy(asc(agentSteps.number));
}

/** One step; undefined if there is none of this number. */
export async function readStep(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  number: number,
): Promise<AgentStepRow | undefined> {
  const [row] = await transaction
    .select()
    .from(agentSteps)
    .where(and(eq(agentSteps.orgId, orgId), eq(agentSteps.runId, runId), eq(agentSteps.number, number)));
  return row;
}

/** Changes a step that has not ended; one that has stays as it is. Tells whether it was changed. */
export async function changeStep(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  number: number,
  changes: Partial<AgentStepRow>,
): Promise<boolean> {
  const changed = await transaction
    .update(agentSteps)
    .set(changes)
    .where(
      and(
        eq(agentSteps.orgId, orgId),
        eq(agentSteps.runId, runId),
        eq(agentSteps.number, number),
        inArray(agentSteps.status, [...openStatuses]),
      ),
    )
    .returning({ number: agentSteps.number });
  return changed.length > 0;
}

/** Ends a step with what it gave. */
export async function finishStep(
  files: FileStore,
  transaction: Transaction,
  place: RunPlace,
  number: number,
  output: unknown,
): Promise<void> {
  const packed: PackedValue = await packValue(files, output);
  await changeStep(transaction, place, number, {
    ...ended('succeeded'),
    output: packed,
  });
}

/** Ends a step that failed. The model is told of it, and may do something else. */
export async function failStep(
  transaction: Transaction,
  place: RunPlace,
  number: number,
  error: ErrorRecord,
): Promise<void> {
  await changeStep(transaction, place, number, { ...ended('failed'), error });
}

function ended(status: 'succeeded' | 'failed') {
  return { status, finishedAt: new Date().toISOString(), waitsFor: null, waitsUntil: null };
}
