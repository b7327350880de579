import Table from 'cli-table3';
import type { RunWithSteps, Step } from './run.js';

const columns = { Step: 16, Type: 9, Status: 11, Attempts: 10, ms: 8 };
const [narrowest, widest] = [80, 160];

/** The steps of a run in the order of its graph, laid out for a terminal of this width. */
export function stepsTable({ steps }: RunWithSteps, terminalWidth = 100): string {
  const widths = Object.values(columns);
  const width = Math.min(Math.max(terminalWidth, narrowest), widest);
  const outputWidth = width - widths.length - 2 - widths.reduce((sum, entry) => sum + entry, 0);
  const table = new Table({
    head: [...Object.keys(columns), 'Output or error'],
    colWidths: [...widths, outputWidth],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const step of steps) {
    const attempts = step.status === 'skipped' || step.pinned ? '' : String(step.attempts);
    const status = step.pinned ? 'pinned' : step.status;
    table.push([step.nodeId, step.type, status, attempts, millisecondsOf(step), outcomeOf(step)]);
  }
  return table.toString();
}

function millisecondsOf({ status, startedAt, finishedAt }: Step): string {
  if (status === 'skipped' || startedAt === null || finishedAt === null) return '';
  return String(Date.parse(finishedAt) - Date.parse(startedAt));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** On one line; the table cuts it to its column. */
function outcomeOf({ output, error }: Step): string {
  if (error) return oneLine(`${error.code}: ${error.message}`);
  if (output === null) return '';
  if ('ref' in output) return `${output.size} bytes, kept apart`;
  return output.inline === null || output.inline === undefined ? '' : summaryOf(output.inline);
}

/** Fields with their values; ids and empty ones are left out. */
function summaryOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textOf(value);
  const fields = Object.entries(value).filter(
    ([, field]) => field !== '' && field !== null && !uuid.test(String(field)),
  );
  return fields.map(([name, field]) => `${name}: ${textOf(field)}`).join(', ');
}

function textOf(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Without control characters, which a terminal would obey. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
