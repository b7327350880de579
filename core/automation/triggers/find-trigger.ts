import type { TriggerDescription } from '../../catalogue.js';
import type { EventDefinition } from '../../event.js';
import type { AutomationDefinition } from '../definition.js';
import { api } from './api.js';
import { error, failureTopic } from './error.js';
import { EventTriggerInput, eventTrigger } from './event.js';
import { form } from './form.js';
import { manual } from './manual.js';
import { schedule } from './schedule.js';
import { webhook } from './webhook.js';

/** Triggers that need no app, by name. */
export const builtInTriggers: ReadonlyMap<string, TriggerDescription> = new Map(
  [manual, api, webhook, form, schedule, error].map((trigger) => [trigger.name, trigger]),
);

export interface TriggerSources {
  triggers: ReadonlyMap<string, TriggerDescription>;
  events: ReadonlyMap<string, EventDefinition>;
}

/** The trigger that a definition names, with the shape of `trigger`; undefined if there is no such trigger. */
export function findTrigger(
  trigger: AutomationDefinition['trigger'],
  sources: TriggerSources,
): TriggerDescription | undefined {
  if (trigger.type === 'event') {
    const input = EventTriggerInput.safeParse(trigger.input);
    const event = input.success ? sources.events.get(input.data.event) : undefined;
    return event && eventTrigger(event);
  }
  if (trigger.type === 'email') {
    const mail = sources.triggers.get('email.received');
    // Mail comes to the automation's own address, not through a connection.
    return mail && { name: mail.name, title: mail.title, output: mail.output, sample: mail.sample };
  }
  const found = builtInTriggers.get(trigger.type) ?? sources.triggers.get(trigger.type);
  return found && { ...found, ...found.describe?.(trigger.input) };
}

/** What the dispatcher matches deliveries and events against; undefined for what only people start. */
export function listenerTopic(trigger: TriggerDescription): string | undefined {
  if (trigger.name === 'manual' || trigger.name === 'api') return undefined;
  if (trigger.name === 'error') return failureTopic;
  return trigger.name.startsWith('event:') ? trigger.name : `delivery:${trigger.name}`;
}
