import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { Automation, presentAutomation } from './automation.js';
import { changeAutomation } from './change-automation.js';
import { compileDraft } from './compile-draft.js';
import { automationPublished } from './events.js';
import { lockAutomation } from './find-automation.js';
import { listen } from './listening.js';
import { writeVersion } from './write-version.js';

export const publishAutomation = defineAction({
  name: 'automations.publish',
  title: 'Publish automation',
  description:
    'Checks the draft, makes it an immutable version, and lets it listen. It runs with the rights of the publisher, narrowed to the actions in it. Runs under way keep their version.',
  permission: 'automations:publish',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/publish' },
  input: z.strictObject({
    id: z.uuid(),
    note: z.string().max(1_000).default('').describe('What is new in this version'),
    version: z
      .int()
      .min(1)
      .optional()
      .describe('The version of the row that was read; refused if the draft may be another by now'),
  }),
  output: Automation,
  emits: [automationPublished.type],
  async run(context: DomainContext, { id, note, version: read }) {
    const { db, services, emit } = context;
    const automation = await lockAutomation(db, id);
    await requireVersion(db, 'automation', read, automation);
    const compiled = await compileDraft(context, automation.draft, {
      self: { id, name: automation.name },
    });
    const version = (automation.publishedVersion ?? 0) + 1;
    await writeVersion(context, { automationId: id, version, note, ...compiled });
    await listen(context, { ...automation, version, definition: compiled.definition });
    const published = await changeAutomation(context, id, {
      status: 'active',
      publishedVersion: version,
      triggerError: null,
    });
    emit(automationPublished, { id, name: published.name, publishedVersion: version });
    return presentAutomation(published, services);
  },
});
