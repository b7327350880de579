import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#runtime/project-root.js';
import type { Api } from './api.js';
import { DemoError } from './demo-error.js';

const Automation = z.object({ id: z.uuid(), name: z.string(), inboundAddress: z.string() });

export type PublishedAutomation = z.output<typeof Automation>;

const Definition = z.looseObject({ name: z.string() });

/**
 * Saves a definition of examples/ as a draft and publishes it. `${name}` in the file becomes the value of that name.
 * Throws DemoError for a name that is not among the values.
 */
export async function publishAutomation(
  api: Api,
  file: string,
  values: Readonly<Record<string, string>>,
): Promise<PublishedAutomation> {
  const text = await readFile(join(projectRoot, 'examples', file), 'utf8');
  const draft = Definition.parse(JSON.parse(fillPlaceholders(text, values)));
  const { id } = await api.post('/v1/automations', { name: draft.name, draft }, Automation);
  return api.post(`/v1/automations/${id}/publish`, { note: 'First version' }, Automation);
}

function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new DemoError(`Nothing is known to put in place of ${placeholder}.`);
    return value;
  });
}
