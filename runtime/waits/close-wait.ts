import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { AwaitedEnd, WaitEnd } from '#core/automation/wait.js';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import { packValue } from '../packing.js';

/** What a wait for a run was answered with. */
const RunAnswer = z.object({
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  result: z
    .union([z.object({ ref: z.string(), size: z.number() }), z.object({ inline: z.unknown() })])
    .nullable(),
  error: z.custom<AwaitedEnd['error']>(),
});

export interface ClosedWait {
  end: WaitEnd;
  /** A run that the step had started and no longer waits for. */
  abandonedRunId: string | undefined;
}

/**
 * Ends a wait that has no answer, and takes the answer of one that has. Of an answer and the end of the time at once,
 * the one that is in the database first counts. Doing it twice gives the same.
 */
export async function closeWait(
  files: FileStore,
  transaction: Transaction,
  id: string,
  as: 'expired' | 'cancelled',
): Promise<ClosedWait> {
  const now = new Date().toISOString();
  await transaction
    .update(waits)
    .set({ status: as, closedAt: now })
    .where(and(eq(waits.id, id), eq(waits.status, 'open')));
  const [row] = await transaction
    .update(waits)
    .set({ takenAt: now })
    .where(eq(waits.id, id))
    .returning({ status: waits.status, answer: waits.answer, kind: waits.kind, topic: waits.topic });
  if (!row || row.status === 'open') throw new AppError('not_found', 'There is no such wait');
  const { status } = row;
  if (row.kind !== 'run') {
    return { end: { status, answer: await packValue(files, row.answer) }, abandonedRunId: undefined };
  }
  if (status !== 'answered') {
    return { end: { status, answer: { inline: null } }, abandonedRunId: row.topic?.slice('run:'.length) };
  }
  const { result, ...run } = RunAnswer.parse(row.answer);
  return { end: { status, answer: result ?? { inline: null }, run }, abandonedRunId: undefined };
}
