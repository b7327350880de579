import { existsSync } from 'node:fs';
import { findAutomation } from '../automation.js';
import { CliError, issueLines, misuse } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { readDocumentFile, readParameters } from '../document-file.js';
import { importDocument } from '../import-document.js';
import { Run } from '../run.js';
import { readInput, showEnd } from './run.js';

export interface TestOptions {
  set?: readonly string[];
  input?: string;
  /** Takes an example of what the trigger gives. */
  sample?: boolean;
  step?: string;
  from?: string;
  /** Id of an earlier run. */
  run?: string;
  /** Seconds. */
  timeout?: number;
}

/**
 * Runs the draft of an automation, or of a file, which is saved as the draft of the automation of its name first, and
 * shows the steps at the end. Throws CliError unless the run succeeds.
 */
export async function test(
  context: CommandContext,
  fileOrName: string,
  { set = [], input: file, sample, step, from, run: fromRun, timeout }: TestOptions,
): Promise<void> {
  const { api, output } = context;
  if (step !== undefined && from !== undefined) throw misuse('Say --step or --from, not both.');
  if (sample && file !== undefined) throw misuse('Say --input or --sample, not both.');
  if (file === '-' && fileOrName === '-') throw misuse('Standard input holds one thing only.');
  const input = file === undefined ? {} : { input: readInput(file) };
  const { id, name } =
    fileOrName === '-' || existsSync(fileOrName)
      ? await saveDraft(context, fileOrName, set)
      : await findAutomation(api, fileOrName);
  const node = step ?? from;
  const scope = node === undefined ? {} : { mode: step === undefined ? 'from' : 'step', step: node };
  const request = {
    ...input,
    ...(sample && { useSample: true }),
    ...scope,
    ...(fromRun !== undefined && { fromRun }),
  };
  const started = await api.post(`/v1/automations/${id}/test`, request, Run);
  output.progress(`Started test run ${started.id} of "${name}".`);
  await showEnd(context, started.id, timeout);
}

async function saveDraft({ api, output }: CommandContext, file: string, set: readonly string[]) {
  const document = readDocumentFile(file);
  const parameters = readParameters(document, set);
  if (document.automations !== undefined) {
    throw misuse(`${file} holds several automations: import it, and test them by name.`);
  }
  const [item] = await importDocument(api, document, { parameters, existing: 'replace' });
  if (!item) throw new CliError(`${file} holds no automation.`);
  const { automation, issues } = item;
  if (issues.length > 0) output.progress(['Something was left out:', ...issueLines(issues)].join('\n'));
  output.progress(`Saved the draft of "${automation.name}".`);
  return automation;
}
