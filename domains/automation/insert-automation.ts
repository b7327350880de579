import type { z } from 'zod';
import { automations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { createHookKey } from '#runtime/hook-key.js';
import { type Automation, AutomationRow, automationColumns, presentAutomation } from './automation.js';
import { automationCreated } from './events.js';

export interface NewAutomation {
  id?: string | undefined;
  name: string;
  description: string;
  draft: unknown;
}

/** Writes a new automation that belongs to the caller, with addresses of its own, and tells of it. */
export async function insertAutomation(
  { db, actor, services, emit }: DomainContext,
  { id, name, description, draft }: NewAutomation,
): Promise<z.input<typeof Automation>> {
  const [row] = await db
    .insert(automations)
    .values({
      ...(id !== undefined && { id }),
      name,
      description,
      draft,
      orgId: actor.orgId,
      ownerId: actor.userId,
      updatedBy: actor.userId,
      hookKey: createHookKey(actor.orgId),
    })
    .returning(automationColumns);
  const created = AutomationRow.parse(row);
  emit(automationCreated, created);
  return presentAutomation(created, services);
}
