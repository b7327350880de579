import type { Plan } from './plan.js';

/** Characters of JSON in one part: each takes three bytes at most, so that no part makes a large payload. */
const partLength = 4_500;

/** Of how many parts a plan is. */
export function countPlanParts(plan: Plan): number {
  return Math.ceil(JSON.stringify(plan).length / partLength);
}

/** One part of a plan's JSON text; all of them, joined, are the whole. */
export function planPart(plan: Plan, part: number): string {
  return JSON.stringify(plan).slice(part * partLength, (part + 1) * partLength);
}
