import { z } from 'zod';
import type { Api } from './api.js';
import type { Document } from './document-file.js';

export const Issue = z.object({
  path: z.string(),
  message: z.string(),
  node: z.string().exactOptional(),
});

const Checked = z.object({ items: z.array(z.object({ name: z.string(), issues: z.array(Issue) })) });

/** For each automation of a document, what would keep it from being published. Saves nothing. */
export async function checkDocument(api: Api, document: Document, parameters: object) {
  const { items } = await api.post('/v1/automations/import/check', { document, parameters }, Checked);
  return items;
}
