import { eq, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import { automations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { AutomationRow, automationColumns } from './automation.js';

/** Writes fields of an automation's row, and with them its next version, the time and who did it. */
export async function changeAutomation(
  { db, actor }: DomainContext,
  id: string,
  fields: PgUpdateSetSource<typeof automations>,
): Promise<z.output<typeof AutomationRow>> {
  const [row] = await db
    .update(automations)
    .set({
      ...fields,
      version: sql`${automations.version} + 1`,
      updatedAt: sql`now()`,
      updatedBy: actor.userId,
    })
    .where(eq(automations.id, id))
    .returning(automationColumns);
  return AutomationRow.parse(row);
}
