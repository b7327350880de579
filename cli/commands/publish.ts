import { z } from 'zod';
import { Automation } from '../automation.js';
import { checkDocument } from '../check-document.js';
import { CliError } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { readDocumentFile, readParameters } from '../document-file.js';
import { importDocument } from '../import-document.js';
import { listeningAt } from '../listening-at.js';

const Difference = z.object({ isChanged: z.boolean(), layoutChanges: z.int() });

interface Published {
  id: string;
  name: string;
  version: number | null;
  /** False: this very definition was published already. */
  isPublishedNow: boolean;
  address: string | null;
}

/**
 * Makes a file's automations the published ones: each is created, or found by its name and changed. Nothing is saved
 * unless all of them are valid, and nothing is published where nothing has changed. Throws CliError.
 */
export async function publish(
  context: CommandContext,
  file: string,
  { set = [], note = '' }: { set?: readonly string[]; note?: string },
): Promise<void> {
  const { api, output } = context;
  const document = readDocumentFile(file);
  const parameters = readParameters(document, set);
  const invalid = (await checkDocument(api, document, parameters)).filter(({ issues }) => issues.length > 0);
  if (invalid.length > 0) {
    const names = invalid.map(({ name }) => `"${name}"`).join(', ');
    const issues = invalid.flatMap((entry) => entry.issues);
    throw new CliError(`${names} can't be published, and nothing was changed.`, { issues });
  }
  const items = await importDocument(api, document, { parameters, existing: 'replace' });
  const published: Published[] = [];
  for (const { automation } of items) {
    const result = await publishDraft(context, automation, note);
    published.push(result);
    output.print(describe(result));
  }
  output.result({ automations: published });
}

async function publishDraft({ api }: CommandContext, draft: Automation, note: string): Promise<Published> {
  const isPublishedNow = !(await isPublished({ api }, draft));
  const automation = isPublishedNow
    ? await api.post(`/v1/automations/${draft.id}/publish`, { note, version: draft.version }, Automation)
    : draft;
  return {
    id: automation.id,
    name: automation.name,
    version: automation.publishedVersion,
    isPublishedNow,
    address: await listeningAt(api, automation),
  };
}

async function isPublished(
  { api }: Pick<CommandContext, 'api'>,
  { id, status, publishedVersion }: Automation,
): Promise<boolean> {
  if (publishedVersion === null || status !== 'active') return false;
  const difference = await api.get(`/v1/automations/${id}/diff?from=${publishedVersion}`, Difference);
  return !difference.isChanged && difference.layoutChanges === 0;
}

function describe({ name, version, isPublishedNow, address }: Published): string {
  const what = isPublishedNow
    ? `Published "${name}" as version ${version}.`
    : `"${name}" is unchanged: version ${version} is published.`;
  return address === null ? what : `${what}\n  It listens at ${address}`;
}
