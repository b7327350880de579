import type { z } from 'zod';

/** Why a trigger could not give this sample, with the place in it; undefined if it could. */
export function sampleMisfit(output: z.ZodType, sample: unknown): string | undefined {
  const [issue] = output.safeParse(sample).error?.issues ?? [];
  return issue && `${['sample', ...issue.path].join('.')}: ${issue.message}`;
}
