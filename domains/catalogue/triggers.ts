import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { builtInTriggers, findTrigger } from '#core/automation/triggers/find-trigger.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';

const TriggerSummary = z.object({
  name: z.string().describe('As in the field `type` of a trigger'),
  title: z.string(),
  connector: z.string().nullable().describe('The app whose connection it uses'),
  connection: z.enum(['required', 'optional', 'none']),
});

export const listTriggers = defineAction({
  name: 'catalogue.list_triggers',
  title: 'List triggers',
  description: 'Lists everything that can start an automation, and the events that it can wait for.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/triggers' },
  input: z.strictObject({}),
  output: z.object({
    items: z.array(TriggerSummary),
    events: z.array(z.object({ type: z.string(), title: z.string() })),
  }),
  async run({ services: { catalogue } }: DomainContext) {
    const apps = [...catalogue.triggers.values()].filter(({ name }) => name !== 'email.received');
    return {
      items: [
        ...[...builtInTriggers.values(), ...apps].map(({ name, title, connector, connection }) => ({
          ...{ name, title, connector: connector ?? null },
          connection: connector === undefined ? ('none' as const) : (connection ?? 'required'),
        })),
        { name: 'event', title: 'Event', connector: null, connection: 'none' as const },
        { name: 'email', title: 'Mail received', connector: null, connection: 'none' as const },
      ],
      events: [...catalogue.events.values()].map(({ type, title }) => ({ type, title })),
    };
  },
});

/** Describes a trigger as forms and expressions need it. Throws `not_found`. */
export const getTrigger = defineAction({
  name: 'catalogue.get_trigger',
  title: 'Describe trigger',
  description: 'Tells what a trigger is told in `trigger.input`, and what `trigger` holds in expressions.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/triggers/:name' },
  input: z.strictObject({
    name: z.string().max(200),
    event: z.string().max(200).optional().describe('Of the trigger `event`: type of the event'),
  }),
  output: z.object({
    input: JsonSchema.nullable(),
    output: JsonSchema.describe('Of an event that is not named or known: anything'),
  }),
  async run({ services: { catalogue } }: DomainContext, { name, event = '' }) {
    const trigger = findTrigger({ type: name, input: name === 'event' ? { event } : {} }, catalogue);
    if (!trigger && name !== 'event') throw new AppError('not_found', 'There is no such trigger');
    return {
      input: trigger?.input ? toJsonSchema(trigger.input, 'input') : null,
      output: trigger ? toJsonSchema(trigger.output, 'output') : {},
    };
  },
});
