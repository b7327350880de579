import { canonicalJson } from '#core/canonical-json.js';

/** An audit entry with its details, by the names of the export's columns. */
export type ExportedEntry = Readonly<Record<(typeof exportColumns)[number], unknown>>;

export const exportColumns = [
  'id',
  'at',
  'principalKind',
  'principalId',
  'onBehalfOf',
  'sessionId',
  'action',
  'targetId',
  'requestId',
  'runId',
  'via',
  'position',
  'hash',
  'ip',
  'userAgent',
  'before',
  'after',
] as const;

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r]/;

/** A line of CSV (RFC 4180) with CRLF. Values that a spreadsheet would compute get an apostrophe in front. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

/** One entry as a line of JSON. */
export function jsonLine(entry: ExportedEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** One entry as a line of CSV, in the order of the columns. */
export function csvEntry(entry: ExportedEntry): string {
  return csvLine(exportColumns.map((column) => entry[column]));
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? canonicalJson(value) : String(value);
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
