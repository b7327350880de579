import { Context } from '@temporalio/activity';
import { createFairQueue } from '#runtime/fair-queue.js';
import type { AutomationActivities } from './automation-activities.js';

/** Part of the places that one organization may take: another that comes finds one free. */
const shareOfOne = 0.75;

/**
 * Has organizations take turns with the places that a process has for local activities: the engine's client itself
 * hands them out in the order in which they were asked for. Regular ones take turns in the engine.
 */
export function takingTurns(activities: AutomationActivities, places: number): AutomationActivities {
  const queue = createFairQueue(places, Math.ceil(places * shareOfOne));
  const entries = Object.entries(activities).map(([name, activity]) => {
    const call = activity as (input: { orgId: string }) => Promise<unknown>;
    const inTurn: typeof call = (input) =>
      Context.current().info.isLocal ? queue.run(input.orgId, () => call(input)) : call(input);
    return [name, inTurn];
  });
  // Each activity takes one object that names its organization, and gives what it gave.
  return Object.fromEntries(entries) as AutomationActivities;
}
