import { and, eq } from 'drizzle-orm';
import { AutomationDefinition } from '#core/automation/definition.js';
import { expectedInput } from '#core/automation/triggers/expected-input.js';
import { schemaOfInput } from '#core/automation/triggers/input-schema.js';
import type { Transaction } from '#db/client.js';
import { automationVersions } from '#db/schema/index.js';
import { validate } from '#runtime/validate.js';

/** The input with the defaults of the trigger's schema. Throws `validation` where it is not what the trigger takes. */
export function checkInput(trigger: AutomationDefinition['trigger'], input: unknown): unknown {
  const inputSchema = expectedInput(trigger);
  return inputSchema ? validate(schemaOfInput(inputSchema), input, 'input') : input;
}

/** The input with the defaults of the version's schema. Throws `validation` where it is not what the version takes. */
export async function checkRunInput(
  db: Transaction,
  { automationId, version, input }: { automationId: string; version: number; input: Record<string, unknown> },
): Promise<unknown> {
  const [row] = await db
    .select({ definition: automationVersions.definition })
    .from(automationVersions)
    .where(and(eq(automationVersions.automationId, automationId), eq(automationVersions.version, version)));
  return checkInput(AutomationDefinition.parse(row?.definition).trigger, input);
}
