import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';
import type { PrivacyActivities } from '#activities/privacy-activities.js';
import type { ErasurePart, ErasureReference } from '#core/privacy.js';

/** Tried until database and stores are back; what was erased stays erased. */
const { beginErasure, erasePortion, searchPortion, endRound } = proxyActivities<PrivacyActivities>({
  startToCloseTimeout: 10 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** How long is waited before each time that everything is gone through: what was at work then may have written since. */
const pausesMs = [0, 60_000, 3_600_000, 86_400_000] as const;

/**
 * Erases a person from an organization: goes through every part of every store, and then looks whether anything is left.
 * Where something is, because runs wrote it meanwhile, it begins again, four times within a day.
 */
export async function erasePerson(reference: ErasureReference, round = 0): Promise<void> {
  const parts = await beginErasure(reference);
  if (parts === null) return;
  const pauseMs = pausesMs[round] ?? 0;
  if (pauseMs > 0) await sleep(pauseMs);
  for (const part of parts) await goThrough(reference, part, erasePortion);
  const leftovers: Record<string, number> = {};
  for (const part of parts) {
    const count = await goThrough(reference, part, searchPortion);
    if (count > 0) leftovers[`${part.store}.${part.part}`] = count;
  }
  const isLast = round + 1 >= pausesMs.length;
  const isFinished = await endRound(reference, leftovers, isLast);
  if (!isFinished && !isLast) await continueAsNew<typeof erasePerson>(reference, round + 1);
}

type Portion = PrivacyActivities['erasePortion'];

/** Portion by portion to the end of a part. Returns how many were erased or found. */
async function goThrough(reference: ErasureReference, part: ErasurePart, portion: Portion): Promise<number> {
  let count = 0;
  let done = await portion(reference, part, null);
  count += done.count;
  while (done.next !== null) {
    done = await portion(reference, part, done.next);
    count += done.count;
  }
  return count;
}
