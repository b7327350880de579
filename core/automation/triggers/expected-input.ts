import type { AutomationDefinition } from '../definition.js';
import { givenSchema } from './given-input.js';
import type { InputSchema } from './input-schema.js';

/** What whoever starts a run has to give by the definition's trigger; undefined: anything. */
export function expectedInput({ type, input }: AutomationDefinition['trigger']): InputSchema | undefined {
  return type === 'manual' || type === 'api' ? givenSchema(input) : undefined;
}
