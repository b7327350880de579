import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import type { EventDefinition } from '../../event.js';
import { exampleOfType } from './example-of-schema.js';

export const EventTriggerInput = z.strictObject({
  /** Type of the event, such as `task.created`. */
  event: z.string(),
});

/** Something that happened within the organization. */
export function eventTrigger({ type, title, payload }: EventDefinition): TriggerDescription {
  const sample = (_input: unknown, nowMs: number) => exampleOfType(payload, nowMs);
  return { name: `event:${type}`, title, input: EventTriggerInput, output: payload, sample };
}
