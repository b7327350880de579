import { sleep } from '@temporalio/workflow';

/** Leaves a rejection behind that nobody handles. */
export async function careless(): Promise<void> {
  void Promise.reject(new Error('Nobody handles this'));
  await sleep(60_000);
}
