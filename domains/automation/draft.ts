import { z } from 'zod';
import { maxDefinitionSize } from '#core/automation/definition.js';
import { jsonSize } from '#core/automation/packed-value.js';

/** A definition on its way: any JSON object, so that unfinished work can be saved. Publishing is what checks it. */
export const Draft = z
  .record(z.string(), z.unknown())
  .refine((draft) => jsonSize(draft) <= maxDefinitionSize, {
    message: `must not be over ${maxDefinitionSize} bytes`,
  });
