import { z } from 'zod';
import { everyNode, type Plan } from '#core/automation/plan.js';
import { type runSteps, stepStatuses } from '#db/schema/index.js';
import { RunError } from './run.js';

/** A value of a run: itself, or where it is when it is too large to show here. */
export const RunValue = z.union([
  z.object({ inline: z.unknown() }),
  z.object({ ref: z.string(), size: z.int() }),
]);

export const RunAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: RunValue.nullable(),
});

export const RunStep = z.object({
  nodeId: z.string(),
  type: z.string().describe('Type of the node'),
  iteration: z
    .string()
    .describe('Empty outside of loops; `3` in the fourth pass of a loop, `3/0` in a loop within it'),
  status: z.enum(stepStatuses),
  input: RunValue.nullable(),
  output: RunValue.nullable(),
  error: RunError.nullable(),
  attempts: z.int(),
  pinned: z.boolean().describe('Not performed: its output was given to the test run'),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso
    .datetime()
    .nullable()
    .describe('The same as `startedAt` for a step that was computed at once, without waiting for anything'),
});

/** Adds to rows what the plan knows of their nodes, in the order of the graph. */
export function presentSteps(rows: readonly (typeof runSteps.$inferSelect)[], plan: Plan) {
  const known = new Map(everyNode(plan).map((node, index) => [node.id, { index, type: node.type }]));
  const placeOf = ({ nodeId }: { nodeId: string }) => known.get(nodeId)?.index ?? 0;
  return rows
    .map((row) => ({ ...row, type: known.get(row.nodeId)?.type ?? 'unknown' }))
    .sort((a, b) => placeOf(a) - placeOf(b));
}
