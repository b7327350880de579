import { isNull } from 'drizzle-orm';
import type { AutomationReference } from '#core/automation-document/automation-document.js';
import type { Transaction } from '#db/client.js';
import { automations } from '#db/schema/index.js';

/** An automation as far as documents name it. */
export interface NamedAutomation {
  id: string;
  name: string;
}

/** The organization's automations with their names, deleted ones too. */
export function listAutomations(db: Transaction, which: 'present' | 'all'): Promise<NamedAutomation[]> {
  return db
    .select({ id: automations.id, name: automations.name })
    .from(automations)
    .where(which === 'present' ? isNull(automations.deletedAt) : undefined);
}

/** The one automation of that name, those of the document first; else a sentence that says why there is none. */
export function findNamed(
  ofDocument: readonly NamedAutomation[],
  known: readonly NamedAutomation[],
  { automation: name }: AutomationReference,
): { id: string } | { problem: string } {
  const [own, secondOwn] = ofDocument.filter((entry) => entry.name === name);
  const [found, second] = own ? [own, secondOwn] : known.filter((entry) => entry.name === name);
  if (second) return { problem: `there are several automations named "${name}"` };
  return found ? { id: found.id } : { problem: `there is no automation named "${name}"` };
}
