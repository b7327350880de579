import Table from 'cli-table3';
import type { FollowedRun, FollowedStep } from './follow-run.js';

/** Columns of the terminal, within what the demo is laid out for. */
const terminalWidth = Math.min(Math.max(process.stdout.columns ?? 100, 80), 120);

const columns = { Step: 12, Type: 9, Status: 11, Attempts: 10, ms: 7 };

/** Prints a run's steps as a table, in the order of the graph. */
export function printRun(run: FollowedRun): void {
  const widths = Object.values(columns);
  const borders = widths.length + 2;
  const outputWidth = terminalWidth - borders - widths.reduce((sum, width) => sum + width, 0);
  const table = new Table({
    head: [...Object.keys(columns), 'Output'],
    colWidths: [...widths, outputWidth],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const step of run.steps) table.push(rowOf(step));
  console.log(table.toString());
}

function rowOf(step: FollowedStep): string[] {
  const { nodeId, type, status, attempts } = step;
  const wasRun = status !== 'skipped';
  return [nodeId, type, status, wasRun ? String(attempts) : '', millisecondsOf(step), outcomeOf(step)];
}

function millisecondsOf({ startedAt, finishedAt }: FollowedStep): string {
  if (startedAt === null || finishedAt === null) return '';
  return String(Date.parse(finishedAt) - Date.parse(startedAt));
}

/** On one line; the table cuts it to its column. */
function outcomeOf({ output, error }: FollowedStep): string {
  if (error) return `${error.code}: ${error.message}`;
  if (output === null) return '';
  return 'ref' in output ? `${output.size} bytes, kept apart` : summaryOf(output.inline);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Fields that say most to a person; they come first. */
const tellingFields = ['title', 'text', 'subject', 'result'];

/** Fields with their values; ids and empty ones are left out. */
function summaryOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? '' : textOf(value);
  const fields = Object.entries(value).filter(
    ([, field]) => field !== '' && field !== null && !uuid.test(String(field)),
  );
  const isTelling = ([name]: [string, unknown]) => tellingFields.includes(name);
  const ordered = [...fields.filter(isTelling), ...fields.filter((field) => !isTelling(field))];
  return ordered.map(([name, field]) => `${name}: ${textOf(field)}`).join(', ');
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/\s+/g, ' ');
}
