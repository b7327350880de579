import type { InputSchema, OutputSchema } from './triggers/input-schema.js';

/** What the compiler knows of another automation of the organization. */
export interface KnownAutomation {
  id: string;
  name: string;
  status: 'draft' | 'active' | 'paused';
  /** What its published version has to be given; undefined: anything. */
  inputSchema: InputSchema | undefined;
  /** What its published version gives as its result; undefined: anything. */
  outputSchema: OutputSchema | undefined;
  /** Automations that its published version calls as subflows. */
  calls: readonly string[];
}

/** Automations by id. */
export type KnownAutomations = ReadonlyMap<string, KnownAutomation>;

/** Why no run of an automation can be started; undefined if one can. */
export function problemOfStarting(automation: KnownAutomation | undefined): string | undefined {
  if (!automation) return 'there is no such automation';
  if (automation.status === 'draft') return `"${automation.name}" is not published`;
  return automation.status === 'paused' ? `"${automation.name}" is paused` : undefined;
}
