import { z } from 'zod';
import type { Api } from './api.js';
import { Automation } from './automation.js';
import { Issue } from './check-document.js';
import type { Document } from './document-file.js';

const Imported = z.object({
  items: z.array(
    z.object({
      automation: Automation,
      isNew: z.boolean(),
      replacedDraft: z.int().nullable(),
      issues: z.array(Issue),
    }),
  ),
});

/** Saves the automations of a document as drafts. */
export async function importDocument(
  api: Api,
  document: Document,
  { parameters, existing }: { parameters: object; existing: 'keep' | 'replace' },
) {
  const { items } = await api.post('/v1/automations/import', { document, parameters, existing }, Imported);
  return items;
}
