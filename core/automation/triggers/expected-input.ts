import type { AutomationDefinition } from '../definition.js';
import { ApiTriggerInput } from './api.js';
import type { InputSchema } from './input-schema.js';
import { ManualTriggerInput } from './manual.js';

/** What whoever starts a run has to give by the definition's trigger; undefined: anything. */
export function expectedInput({ type, input }: AutomationDefinition['trigger']): InputSchema | undefined {
  if (type === 'manual') return ManualTriggerInput.safeParse(input).data?.inputSchema;
  return type === 'api' ? ApiTriggerInput.safeParse(input).data?.inputSchema : undefined;
}
