import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import { cancelUnfinished } from '../runs/cancel-run.js';
import type { Services } from '../services.js';

/**
 * Closes what the steps of a run that has ended still wait for, and cancels the runs that they waited for. Doing it twice
 * is harmless. Returns what is left to be done after the commit: telling the workflows of those runs, which throws as
 * cancelling does.
 */
export async function abandonWaits(
  transaction: Transaction,
  services: Services,
  { orgId, runId }: { orgId: string; runId: string },
): Promise<(() => Promise<void>)[]> {
  await transaction
    .update(waits)
    .set({ status: 'cancelled', closedAt: sql`now()`, takenAt: sql`now()` })
    .where(and(eq(waits.runId, runId), eq(waits.status, 'open')));
  const abandoned = await transaction
    .selectDistinct({ topic: waits.topic })
    .from(waits)
    .where(and(eq(waits.runId, runId), eq(waits.kind, 'run'), eq(waits.status, 'cancelled')));
  const tells: (() => Promise<void>)[] = [];
  for (const { topic } of abandoned) {
    const id = topic?.slice('run:'.length);
    const tell = id && (await cancelUnfinished(transaction, services, { orgId, id }));
    if (tell) tells.push(tell);
  }
  return tells;
}
