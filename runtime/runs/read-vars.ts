import { and, inArray, isNull } from 'drizzle-orm';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { Plan } from '#core/automation/plan.js';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import { variables } from '#db/schema/index.js';
import { packValue } from '../packing.js';

/**
 * The variables that a plan reads, by name, as they are now: one object, by reference where it is large. Undefined where
 * it reads none. One that has been deleted is missing, and fails the step that reads it.
 */
export async function readVars(
  db: Transaction,
  files: FileStore,
  { vars }: Pick<Plan, 'vars'>,
): Promise<PackedValue | undefined> {
  if (!vars) return undefined;
  const rows = await db
    .select({ name: variables.name, value: variables.value })
    .from(variables)
    .where(and(inArray(variables.name, [...vars]), isNull(variables.deletedAt)))
    .orderBy(variables.name);
  return packValue(files, Object.fromEntries(rows.map(({ name, value }) => [name, value])));
}
