import type { z } from 'zod';

/** Something that happened in a domain, in the past tense: `task.created`. Automations and live views listen to it. */
export interface EventDefinition<Payload extends z.ZodType = z.ZodType> {
  type: string;
  title: string;
  description: string;
  payload: Payload;
}

/** Declares an event type. Its payload schema is what `trigger` holds in automations that listen to it. */
export function defineEvent<Payload extends z.ZodType>(
  definition: EventDefinition<Payload>,
): EventDefinition<Payload> {
  return definition;
}
