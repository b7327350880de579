import { canonicalJson } from '#core/canonical-json.js';
import { automationDrafts, type automations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { AutomationRow } from './automation.js';
import { changeAutomation } from './change-automation.js';
import { automationUpdated } from './events.js';

/**
 * Puts another draft in the place of an automation's, which is kept: `replacedDraft` is the number by which
 * `automations.restore_draft` finds it. The same draft again changes nothing. The row must have been locked.
 */
export async function replaceDraft(
  context: DomainContext,
  automation: typeof automations.$inferSelect,
  draft: unknown,
  more: { description?: string } = {},
) {
  const { db, actor, emit } = context;
  const { id, version } = automation;
  const isSame = canonicalJson(draft) === canonicalJson(automation.draft);
  if (isSame && (more.description ?? automation.description) === automation.description) {
    return { automation: AutomationRow.parse(automation), replacedDraft: null };
  }
  if (!isSame) {
    const kept = { automationId: id, number: version, draft: automation.draft };
    await db.insert(automationDrafts).values({ ...kept, orgId: actor.orgId, replacedBy: actor.userId });
  }
  const changed = await changeAutomation(context, id, { draft, ...more });
  emit(automationUpdated, changed);
  return { automation: changed, replacedDraft: isSame ? null : version };
}
