import { writeFileSync } from 'node:fs';
import { AutomationDocument, documentFormat } from '#core/automation-document/automation-document.js';
import { type Automation, findAutomation, listAutomations } from '../automation.js';
import { CliError, misuse } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { reasonOf } from '../settings.js';

/** Writes one automation, or all, as a document: to a file, else to standard output. */
export async function exportAutomations(
  { api, output }: CommandContext,
  nameOrId: string | undefined,
  { all = false, output: file }: { all?: boolean; output?: string },
): Promise<void> {
  if ((nameOrId === undefined) !== all) throw misuse('Name one automation to export, or say --all.');
  const wanted = nameOrId === undefined ? await listAutomations(api) : [await findAutomation(api, nameOrId)];
  if (wanted.length === 0) throw new CliError('There is no automation to export.');
  const automations: unknown[] = [];
  for (const { id } of wanted) {
    const { automation } = await api.get(`/v1/automations/${id}/export`, AutomationDocument);
    automations.push(automation);
  }
  const head = { format: documentFormat, version: 1 };
  const document = all ? { ...head, automations } : { ...head, automation: automations[0] };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  write(file, text);
  output.print(`Wrote ${nounOf(wanted)} to ${file}.`);
  output.result({ file, automations: wanted.map(({ id, name }) => ({ id, name })) });
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw misuse(`${file} can't be written: ${reasonOf(error)}.`);
  }
}

function nounOf(automations: readonly Automation[]): string {
  const [first, ...others] = automations;
  return others.length === 0 ? `"${first?.name}"` : `${automations.length} automations`;
}
