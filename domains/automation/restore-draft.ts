import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { automationDrafts } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { presentAutomation } from './automation.js';
import { automationUpdated } from './events.js';
import { lockAutomation } from './find-automation.js';
import { replaceDraft } from './replace-draft.js';
import { RestoredDraft, readVersion } from './restored-draft.js';

export const restoreDraft = defineAction({
  name: 'automations.restore_draft',
  title: 'Restore draft',
  description:
    'Brings back a draft that a restored version or an import took the place of. The present one is kept.',
  permission: 'automations:update',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/drafts/:number/restore' },
  input: z.strictObject({
    id: z.uuid(),
    number: z.coerce.number().int().min(1).max(2_147_483_647),
    version: readVersion,
  }),
  output: RestoredDraft,
  emits: [automationUpdated.type],
  async run(context: DomainContext, { id, number, version }) {
    const { db, services } = context;
    const before = await lockAutomation(db, id);
    await requireVersion(db, 'automation', version, before);
    const [kept] = await db
      .select({ draft: automationDrafts.draft })
      .from(automationDrafts)
      .where(and(eq(automationDrafts.automationId, id), eq(automationDrafts.number, number)));
    if (!kept) throw new AppError('not_found', `The automation has no draft ${number} that was replaced`);
    const { automation, replacedDraft } = await replaceDraft(context, before, kept.draft);
    return { ...presentAutomation(automation, services), replacedDraft };
  },
});
