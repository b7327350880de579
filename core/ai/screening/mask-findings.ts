import { type FindingRule, findAll } from './finding.js';
import { personalDataRules } from './personal-data.js';
import { secretRules } from './secrets.js';

const masked: readonly FindingRule[] = [...secretRules, ...personalDataRules];

/** A JSON value whose texts have a name in place of every secret and everything personal: `[email]`. */
export function maskFindings(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskFindings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskFindings(item)]));
}

/** The same for one text. */
export function maskText(text: string, rules: readonly FindingRule[] = masked): string {
  let shown = '';
  let from = 0;
  for (const { name, start, end } of findAll(text, rules)) {
    shown += `${text.slice(from, start)}[${name}]`;
    from = end;
  }
  return shown + text.slice(from);
}
