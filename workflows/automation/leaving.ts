import { condition, workflowInfo } from '@temporalio/workflow';

/** Events that one run of the workflow may leave, as counted here; Temporal refuses to go on beyond 51,200. */
const usualLimit = 4_000;
/** What an activity, timer or child leaves at most, with the workflow task that it brings about. */
const eventsEach = 6;

// State of one workflow: each workflow evaluates this module anew.
let limit = usualLimit;
let events = 0;
let underWay = 0;
let elsewhere = 0;
let hasProgress = false;
let isGone = false;

/** The workflow goes on as a new one; whatever was waiting is taken up there. */
export class Leaving extends Error {
  override readonly name = 'Leaving';
}

/** Sets after how many events the workflow leaves; for tests, and histories that shall stay short. */
export function limitHistory(most: number | undefined): void {
  limit = most ?? usualLimit;
}

/** Does what has to end before the workflow may leave, and counts what it leaves in the history. */
export async function tracked<Result>(work: () => Promise<Result>): Promise<Result> {
  events += eventsEach;
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

/** The same for a child workflow, which may take any time: until it has ended, nothing stands still for a leave. */
export async function trackedElsewhere<Result>(work: () => Promise<Result>): Promise<Result> {
  elsewhere += 1;
  try {
    return await tracked(work);
  } finally {
    elsewhere -= 1;
  }
}

/** Prepares what is about to begin, which leaves nothing in the history by itself: meanwhile nothing stands still. */
export async function preparing<Result>(work: () => Promise<Result>): Promise<Result> {
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
  }
}

/** A step has ended: the workflow has got on, and may leave. Without, it would only ever take up and leave. */
export function noteProgress(): void {
  hasProgress = true;
}

/**
 * True if no further step shall begin. What is counted here is the same on every replay; what Temporal suggests covers
 * the size in bytes.
 */
export function isLeavingDue(): boolean {
  if (isGone) return true;
  return hasProgress && elsewhere === 0 && (events >= limit || workflowInfo().continueAsNewSuggested);
}

/** True if no activity, pause or child is under way. */
export function isStill(): boolean {
  return underWay === 0;
}

/** From now on whatever waits throws `Leaving`. */
export function leave(): void {
  isGone = true;
}

export function hasLeft(): boolean {
  return isGone;
}

/** Stays until the workflow leaves; throws `Leaving` then. Can be cancelled. */
export async function standStill(): Promise<never> {
  await condition(hasLeft);
  throw new Leaving();
}

/**
 * True for a moment that had passed when this workflow began: what was to end then ends now. With a timer of no length it
 * might leave before, again and again.
 */
export function wasOver(until: number): boolean {
  return until <= workflowInfo().runStartTime.getTime();
}

/** Lets time pass, up to a moment in milliseconds since 1970. Throws `Leaving` when the workflow leaves before. */
export async function passTime(until: number): Promise<void> {
  if (wasOver(until)) return;
  events += eventsEach;
  if (await condition(hasLeft, Math.max(1, until - Date.now()))) throw new Leaving();
}
