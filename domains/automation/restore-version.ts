import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { presentAutomation } from './automation.js';
import { automationUpdated } from './events.js';
import { lockAutomation } from './find-automation.js';
import { publishedVersion } from './published-version.js';
import { replaceDraft } from './replace-draft.js';
import { RestoredDraft, readVersion } from './restored-draft.js';
import { findVersion } from './version.js';

export const restoreVersion = defineAction({
  name: 'automations.restore_version',
  title: 'Restore version',
  description:
    'Makes a published version the draft again. What is published stays as it is. The draft that was there is kept, and can be restored itself.',
  permission: 'automations:update',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/versions/:publishedVersion/restore' },
  input: z.strictObject({ id: z.uuid(), publishedVersion, version: readVersion }),
  output: RestoredDraft,
  emits: [automationUpdated.type],
  async run(context: DomainContext, input) {
    const { db, services } = context;
    const before = await lockAutomation(db, input.id);
    await requireVersion(db, 'automation', input.version, before);
    const { definition } = await findVersion(db, input.id, input.publishedVersion);
    const { automation, replacedDraft } = await replaceDraft(context, before, definition);
    return { ...presentAutomation(automation, services), replacedDraft };
  },
});
