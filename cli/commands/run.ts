import { z } from 'zod';
import { findAutomation } from '../automation.js';
import { CliError, misuse } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { readJsonFile } from '../document-file.js';
import { followRun } from '../follow-run.js';
import { Run, type RunWithSteps } from '../run.js';
import { stepsTable } from '../steps-table.js';

const Input = z.record(z.string(), z.unknown());

export interface RunOptions {
  input?: string;
  wait?: boolean;
  /** Seconds. */
  timeout?: number;
}

/** Starts the published version by hand; with `wait`, shows its steps at the end. Throws CliError unless it succeeds. */
export async function run(
  { api, output }: CommandContext,
  nameOrId: string,
  { input: file, wait = false, timeout }: RunOptions,
): Promise<void> {
  const input = file === undefined ? {} : readInput(file);
  const { id, name } = await findAutomation(api, nameOrId);
  const started = await api.post(`/v1/automations/${id}/runs`, { input }, Run);
  const start = `Started run ${started.id} of "${name}", version ${started.automationVersion}.`;
  if (!wait) {
    output.print(start);
    output.result(started);
    return;
  }
  output.progress(start);
  await showEnd({ api, output }, started.id, timeout);
}

/** Follows a run to its end and shows its steps. `timeout`: seconds. Throws CliError unless it succeeds. */
export async function showEnd(
  { api, output }: CommandContext,
  id: string,
  timeout: number | undefined,
): Promise<void> {
  let status = '';
  const ended = await followRun(api, id, {
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    onChange: (seen) => {
      if (seen.status === 'waiting' && status !== 'waiting') output.progress('It waits.');
      status = seen.status;
    },
  });
  output.print(describe(ended));
  output.result(ended);
  if (ended.status !== 'succeeded') throw new CliError(failureOf(ended));
}

/** A JSON object from a file, or from standard input for `-`. Throws CliError. */
export function readInput(file: string): Record<string, unknown> {
  const input = Input.safeParse(readJsonFile(file));
  if (input.success) return input.data;
  throw misuse(
    `The input must be a JSON object; ${file === '-' ? 'standard input' : file} holds something else.`,
  );
}

function describe(ended: RunWithSteps): string {
  const milliseconds = Date.parse(ended.finishedAt ?? ended.createdAt) - Date.parse(ended.createdAt);
  const table = ended.steps.length > 0 ? `${stepsTable(ended, process.stdout.columns)}\n` : '';
  return `${table}The run has ${ended.status} after ${milliseconds} ms.`;
}

function failureOf({ id, status, error }: RunWithSteps): string {
  if (!error) return `The run ${id} has ${status}.`;
  const where = error.node === undefined ? '' : ` at ${error.node}`;
  return `The run ${id} has ${status}${where}: ${error.code}, ${error.message}.`;
}
