import { z } from 'zod';

const StepValue = z.union([z.object({ inline: z.unknown() }), z.object({ ref: z.string(), size: z.int() })]);
const RunError = z.looseObject({ code: z.string(), message: z.string(), node: z.string().exactOptional() });

const Step = z.looseObject({
  nodeId: z.string(),
  type: z.string(),
  status: z.string(),
  output: StepValue.nullable(),
  error: RunError.nullable(),
  attempts: z.int(),
  pinned: z.boolean().default(false),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

/** A run as the API shows it; fields that the command line does not know are kept for --json. */
export const Run = z.looseObject({
  id: z.uuid(),
  automationVersion: z.int(),
  status: z.string(),
  error: RunError.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

export const RunWithSteps = Run.extend({ steps: z.array(Step) });

export type RunWithSteps = z.output<typeof RunWithSteps>;
export type Step = z.output<typeof Step>;
