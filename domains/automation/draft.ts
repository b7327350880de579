import { z } from 'zod';
import { maxDefinitionSize } from '#core/automation/definition.js';
import { jsonSize } from '#core/automation/packed-value.js';
import { maxPinnedSize } from '#core/automation/pinned.js';

/** A definition on its way: any JSON object, so that unfinished work can be saved. Publishing is what checks it. */
export const Draft = z
  .record(z.string(), z.unknown())
  .refine(({ pinned: _, ...draft }) => jsonSize(draft) <= maxDefinitionSize, {
    message: `must not be over ${maxDefinitionSize} bytes without what is pinned`,
  })
  .refine(({ pinned }) => jsonSize(pinned) <= maxPinnedSize, {
    path: ['pinned'],
    message: `must not be over ${maxPinnedSize} bytes`,
  });
