import type { ErrorIssue } from '../../errors.js';
import type { AutomationDefinition } from '../definition.js';

/** What is wrong with a trigger that `findTrigger` does not find. */
export function unknownTrigger({ type, input }: AutomationDefinition['trigger']): ErrorIssue {
  const isEvent = type === 'event';
  const unknown = isEvent ? `event ${input.event ?? '(none)'}` : `trigger ${type}`;
  const path = isEvent ? 'trigger.input.event' : 'trigger.type';
  return { node: 'trigger', path, message: `there is no ${unknown}` };
}
