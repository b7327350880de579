import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { referencesOf, subflowsOf } from '#core/automation/check-references.js';
import { AutomationDefinition } from '#core/automation/definition.js';
import type { KnownAutomation } from '#core/automation/known-automation.js';
import { expectedInput } from '#core/automation/triggers/expected-input.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions } from '#db/schema/index.js';

/**
 * The automations that a definition refers to, and those that they call in turn, as they are published now. Where it
 * calls any, nobody else publishes one that does until the transaction ends: of two that call each other, the second is
 * refused.
 */
export async function knownAutomations(
  db: Transaction,
  orgId: string,
  definition: AutomationDefinition,
): Promise<Map<string, KnownAutomation>> {
  if (subflowsOf(definition).length > 0) {
    await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`subflows/${orgId}`}, 0))`);
  }
  const known = new Map<string, KnownAutomation>();
  const asked = new Set<string>();
  let wanted = [...new Set(referencesOf(definition))];
  while (wanted.length > 0) {
    for (const id of wanted) asked.add(id);
    const found = await readAutomations(db, wanted);
    for (const automation of found) known.set(automation.id, automation);
    wanted = [...new Set(found.flatMap(({ calls }) => calls))].filter((id) => !asked.has(id));
  }
  return known;
}

async function readAutomations(db: Transaction, ids: readonly string[]): Promise<KnownAutomation[]> {
  const rows = await db
    .select({
      id: automations.id,
      name: automations.name,
      status: automations.status,
      definition: automationVersions.definition,
    })
    .from(automations)
    .leftJoin(
      automationVersions,
      and(
        eq(automationVersions.automationId, automations.id),
        eq(automationVersions.version, automations.publishedVersion),
      ),
    )
    .where(and(inArray(automations.id, [...ids]), isNull(automations.deletedAt)));
  return rows.map(({ definition, ...row }) => ({ ...row, ...signatureOf(definition) }));
}

function signatureOf(definition: unknown): Pick<KnownAutomation, 'inputSchema' | 'outputSchema' | 'calls'> {
  const published = AutomationDefinition.safeParse(definition).data;
  if (!published) return { inputSchema: undefined, outputSchema: undefined, calls: [] };
  const { trigger, settings } = published;
  return {
    inputSchema: expectedInput(trigger),
    outputSchema: settings.outputSchema,
    calls: subflowsOf(published),
  };
}
