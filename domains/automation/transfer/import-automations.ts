import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Automation, presentAutomation } from '../automation.js';
import { Issue } from '../check-automation.js';
import { automationCreated, automationUpdated } from '../events.js';
import { insertAutomation } from '../insert-automation.js';
import { replaceDraft } from '../replace-draft.js';
import { requirePermission } from '../require-permission.js';
import { documentInput, type ReadAutomation, readDocument } from './read-document.js';

const Imported = z.object({
  automation: Automation,
  isNew: z.boolean(),
  replacedDraft: z
    .int()
    .nullable()
    .describe('Number of the draft that was replaced, for `automations.restore_draft`'),
  issues: z.array(Issue).describe('What was left out of the draft'),
});

export const importAutomations = defineAction({
  name: 'automations.import',
  title: 'Import automations',
  description:
    'Saves the automations of a document as drafts, all or none. What belongs to another organization is found here by name; a connection or automation that is not found is left out and listed. Nothing is published.',
  permission: 'automations:create',
  effect: 'write',
  http: { method: 'post', path: '/automations/import', status: 201 },
  input: z.strictObject({
    ...documentInput,
    existing: z
      .enum(['keep', 'replace'])
      .default('keep')
      .describe(
        'What becomes of an automation that has the same name: `keep` makes another one beside it, `replace` gives it the new draft and keeps the old one',
      ),
  }),
  output: z.object({ items: z.array(Imported) }),
  emits: [automationCreated.type, automationUpdated.type],
  async run(context: DomainContext, { document, parameters, existing }) {
    if (existing === 'replace') requirePermission(context.actor, 'automations:update', 'automations.import');
    const read = await readDocument(context, document, parameters, existing);
    if (existing === 'replace') requireDifferentNames(read);
    const items: z.input<typeof Imported>[] = [];
    // One after another: they share a transaction.
    for (const entry of read) {
      const found = existing === 'replace' ? await lockByName(context.db, entry.name) : undefined;
      items.push(found ? await replaceBy(context, found, entry) : await insert(context, entry));
    }
    return { items };
  },
});

async function insert(context: DomainContext, { issues, ...values }: ReadAutomation) {
  return { automation: await insertAutomation(context, values), isNew: true, replacedDraft: null, issues };
}

async function replaceBy(
  context: DomainContext,
  found: typeof automations.$inferSelect,
  { draft, description, issues }: ReadAutomation,
) {
  const { automation, replacedDraft } = await replaceDraft(context, found, draft, { description });
  return { automation: presentAutomation(automation, context.services), isNew: false, replacedDraft, issues };
}

async function lockByName(db: Transaction, name: string) {
  const [found, second] = await db
    .select()
    .from(automations)
    .where(and(eq(automations.name, name), isNull(automations.deletedAt)))
    .limit(2)
    .for('no key update');
  if (!second) return found;
  throw new AppError('conflict', `There are several automations named "${name}": rename all but one first`);
}

function requireDifferentNames(read: readonly ReadAutomation[]): void {
  const names = read.map(({ name }) => name);
  const index = names.findIndex((name, place) => names.indexOf(name) !== place);
  if (index < 0) return;
  const issue = { path: `document.automations.${index}.name`, message: 'is used twice in the document' };
  throw new AppError('validation', `${issue.path} ${issue.message}`, { issues: [issue] });
}
