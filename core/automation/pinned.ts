import { z } from 'zod';
import { jsonSize } from './packed-value.js';

/** Bytes of pinned data as JSON. */
export const maxPinnedSize = 256 * 1024;

/**
 * Data that people keep with a draft to test it with: what `trigger` is, and what steps give instead of being performed.
 * Runs of published versions never see it.
 */
export const pinnedFields = {
  trigger: z.record(z.string(), z.unknown()).optional(),
  /** Outputs by node. */
  steps: z.record(z.string(), z.unknown()).optional(),
};

export const Pinned = z
  .strictObject(pinnedFields)
  .refine((pinned) => jsonSize(pinned) <= maxPinnedSize, `must not be over ${maxPinnedSize} bytes`);

export type Pinned = z.output<typeof Pinned>;
