import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BareActivities } from './bare-activities.js';

const local = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '10s' });
const regular = proxyActivities<BareActivities>({ startToCloseTimeout: '10s' });

/** Nothing at all: what one workflow costs. */
export async function bareEmpty(): Promise<void> {}

/** Three empty local activities in sequence. */
export async function bareLocal(): Promise<void> {
  await local.nothing();
  await local.nothing();
  await local.nothing();
}

/** Three regular activities in sequence, each of which makes one HTTP call. */
export async function bareRegular(url: string): Promise<void> {
  await regular.call(url);
  await regular.call(url);
  await regular.call(url);
}

/** This many empty local activities, all at once. */
export async function bareParallel(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => local.nothing()));
}
