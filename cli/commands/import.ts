import { issueLines } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { readDocumentFile, readParameters } from '../document-file.js';
import { importDocument } from '../import-document.js';

/** Saves the automations of a file as new drafts. */
export async function importFile(
  { api, output }: CommandContext,
  file: string,
  { set = [], replace = false }: { set?: readonly string[]; replace?: boolean },
): Promise<void> {
  const document = readDocumentFile(file);
  const items = await importDocument(api, document, {
    parameters: readParameters(document, set),
    existing: replace ? 'replace' : 'keep',
  });
  for (const { automation, isNew, issues } of items) {
    const how = isNew ? 'Imported' : 'Replaced the draft of';
    output.print(`${how} "${automation.name}" (${automation.id}); it is not published by this.`);
    if (issues.length > 0) output.print(['Something has to be completed:', ...issueLines(issues)].join('\n'));
  }
  output.result({
    automations: items.map(({ automation, ...rest }) => ({
      id: automation.id,
      name: automation.name,
      ...rest,
    })),
  });
}
