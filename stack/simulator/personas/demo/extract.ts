import type { JsonSchema } from '../../conversation.js';
import {
  choicesOf,
  descriptionOf,
  fieldsOf,
  isNullable,
  itemsOf,
  leastValue,
  typeOf,
} from '../../schema-fields.js';
import { breakDown, goalIn } from './break-down.js';
import { classify } from './classify.js';
import { sentencesOf } from './given-text.js';
import { sentimentOf } from './sentiment.js';
import { summarize } from './summarize.js';

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Reads a text into a JSON Schema by simple rules: what stands after the field's name, and the first thing in the text
 * that looks like it (address, date, number, name). What is not found is null where it may be, left out where it need
 * not be there, and else the least value that the schema allows.
 */
export function extract(text: string, schema: JsonSchema, name = ''): unknown {
  const found = find(text, schema, name);
  if (found !== undefined) return found;
  return isNullable(schema) ? null : leastValue(schema, '');
}

function find(text: string, schema: JsonSchema, name: string): unknown {
  const choices = choicesOf(schema);
  if (choices.length > 0)
    return classify(labelledValue(text, name) ?? text, choices, { [name]: descriptionOf(schema) });
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(text, schema);
    case 'array':
      return listOf(text, schema, name);
    case 'number':
    case 'integer':
      return numberFor(text, name, typeOf(schema) === 'integer');
    case 'boolean':
      return truthOf(text, name);
    case 'null':
      return null;
    default:
      return textFor(text, schema, name);
  }
}

function objectOf(text: string, schema: JsonSchema): Record<string, unknown> {
  const fields = fieldsOf(schema).map(({ name, schema: field, isRequired }) => {
    const value = isRequired ? extract(text, field, name) : find(text, field, name);
    return [name, value] as const;
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function listOf(text: string, schema: JsonSchema, name: string): unknown[] {
  const items = itemsOf(schema);
  const parts = partsFor(text, name);
  if (typeOf(items) !== 'object') {
    const listed = parts.map((part) => find(part, items, name)).filter((value) => value !== undefined);
    return typeOf(items) === 'string' && choicesOf(items).length === 0 ? parts : [...new Set(listed)];
  }
  return parts.map((part) => ({ ...titled(part, items), ...objectWithin(part, items) }));
}

/** The lines of a list, tasks for a goal, or what stands between commas after the field's name. */
function partsFor(text: string, name: string): string[] {
  const lines = [...text.matchAll(/^\s*(?:[-*•]|\d+[.)])\s+(.+)$/gm)].map(([, line = '']) => line.trim());
  if (lines.length > 0) return lines;
  if (/task|step|subtask|milestone|action/i.test(name)) return breakDown(goalIn(text));
  const labelled = labelledValue(text, name);
  if (labelled !== undefined)
    return labelled
      .split(/,|;|\band\b/)
      .map((part) => part.trim())
      .filter(Boolean);
  const emails = /mail/i.test(name)
    ? [...text.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)].map(([mail]) => mail)
    : [];
  return emails.length > 0 ? emails : sentencesOf(text).slice(0, 5);
}

function titled(part: string, items: JsonSchema): Record<string, string> {
  const title = fieldsOf(items).find(({ name }) => /title|name|task|summary|text|label/i.test(name));
  return title ? { [title.name]: part } : {};
}

/** The other fields of an item: those that its own words tell, and required ones. */
function objectWithin(part: string, items: JsonSchema): Record<string, unknown> {
  const title = Object.keys(titled(part, items))[0];
  const rest = fieldsOf(items).filter(({ name, isRequired }) => name !== title && isRequired);
  return Object.fromEntries(rest.map(({ name, schema }) => [name, extract(part, schema, name)]));
}

function textFor(text: string, schema: JsonSchema, name: string): string | undefined {
  const { format } = schema;
  const labelled = labelledValue(text, name);
  if (format === 'email' || /e-?mail/i.test(name))
    return /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(labelled ?? text)?.[0];
  if (format === 'uri' || /^(?:url|link|website)$/i.test(name))
    return /https?:\/\/[^\s"'<>)\]]+/.exec(text)?.[0];
  if (format === 'date' || format === 'date-time' || /date|deadline|due/i.test(name))
    return dateIn(labelled ?? text, format);
  if (/phone|telephone/i.test(name)) return /\+?\d[\d ()-]{6,}\d/.exec(text)?.[0];
  if (/sentiment|mood/i.test(name)) return sentimentOf(text).sentiment;
  if (labelled !== undefined) return labelled;
  if (/summary|abstract|gist/i.test(name)) return summarize(text, 2);
  if (/currency/i.test(name)) return currencyIn(text);
  if (/company|organi[sz]ation|vendor|supplier|customer/i.test(name)) {
    return (
      /\b\p{Lu}[\p{L}&]*(?:\s\p{Lu}[\p{L}&]*)*\s(?:GmbH|Ltd|Inc|AG|LLC|Corp|SA|BV|plc)\b\.?/u.exec(
        text,
      )?.[0] ?? nameIn(text)
    );
  }
  if (/name|person|author|sender|contact|assignee|owner/i.test(name)) return nameIn(text);
  if (/title|subject|topic|headline/i.test(name))
    return sentencesOf(text)[0]
      ?.replace(/[.!?]+$/, '')
      .slice(0, 120);
  if (/number|reference|code|^id$|_id$|Id$/.test(name)) return /\b[A-Z]{1,5}-?\d[\w-]*\b/.exec(text)?.[0];
  if (/text|description|body|content|message|reason|answer|note|label|category/i.test(name))
    return text.trim();
  return undefined;
}

/** What stands after the field's name and a colon or "is". */
function labelledValue(text: string, name: string): string | undefined {
  if (name === '') return undefined;
  const words = wordsOfName(name).join('[ _-]?');
  if (words === '') return undefined;
  const found = new RegExp(
    `(?:^|[\\n,;.]|\\b)\\s*${words}\\s*(?::|=|\\bis\\b)\\s*["“]?([^\\n;"”]+)`,
    'i',
  ).exec(text);
  return found?.[1]?.replace(/[.,]\s*(?:\p{Lu}.*)?$/u, '').trim() || undefined;
}

/** The words of a field's name, in letters and digits. */
function wordsOfName(name: string): string[] {
  return name.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
}

function numberFor(text: string, name: string, isWhole: boolean): number | undefined {
  const number = '(-?\\d{1,3}(?:[ ,.]\\d{3})+(?:[.,]\\d{1,2})?|-?\\d+(?:[.,]\\d+)?)';
  const word = wordsOfName(name)[0] ?? '';
  const places = [
    word === '' ? undefined : new RegExp(`\\b${word}\\w*\\b[^\\d\\n-]{0,40}${number}`, 'i').exec(text)?.[1],
    /amount|total|price|sum|cost|value|fee/i.test(name)
      ? new RegExp(`(?:[€$£]|EUR|USD|GBP)\\s*${number}|${number}\\s*(?:[€$£]|EUR|USD|GBP)`, 'i').exec(text)
      : undefined,
    new RegExp(`(?<![\\w-])${number}(?![\\w-])`).exec(text)?.[1],
  ];
  const found = places
    .map((place) => (typeof place === 'object' ? (place?.[1] ?? place?.[2]) : place))
    .find(Boolean);
  if (found === undefined) return undefined;
  const value = Number(plainNumber(found));
  return isWhole ? Math.round(value) : value;
}

/** Without separators of thousands; a comma before two digits is a point. */
function plainNumber(text: string): string {
  const decimals = /[.,](\d{1,2})$/.exec(text);
  const whole = decimals ? text.slice(0, decimals.index) : text;
  return `${whole.replaceAll(/[ ,.]/g, '')}${decimals ? `.${decimals[1]}` : ''}`;
}

function truthOf(text: string, name: string): boolean {
  const labelled = labelledValue(text, name);
  if (labelled !== undefined) return /^(?:yes|true|on|y)\b/i.test(labelled);
  const word = name.replace(/^(?:is|has|was|needs?)[_-]?/i, '').toLowerCase();
  const at = text.toLowerCase().indexOf(word.replaceAll(/[_-]/g, ' '));
  return (
    word !== '' &&
    at >= 0 &&
    !/\b(?:not|no|never|isn't|without)\W+$/i.test(text.slice(Math.max(0, at - 12), at))
  );
}

/** `2026-03-12`, `12 March 2026`, `March 12, 2026` or `12.03.2026`. */
function dateIn(text: string, format: unknown): string | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})(T[\d:.]+Z?)?/.exec(text);
  const dotted = /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/.exec(text);
  const dayFirst = /\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Z][a-z]{2,8})\.?,?\s+(\d{4})\b/.exec(text);
  const monthFirst = /\b([A-Z][a-z]{2,8})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b/.exec(text);
  const date =
    iso?.slice(1, 4).join('-') ??
    (dotted && dateOf(dotted[3], Number(dotted[2]), dotted[1])) ??
    (dayFirst && dateOf(dayFirst[3], monthNumber(dayFirst[2]), dayFirst[1])) ??
    (monthFirst && dateOf(monthFirst[3], monthNumber(monthFirst[1]), monthFirst[2]));
  return date && format === 'date-time' ? `${date}${iso?.[4] ?? 'T00:00:00Z'}` : (date ?? undefined);
}

function dateOf(year: string | undefined, month: number, day: string | undefined): string | undefined {
  if (month < 1 || month > 12) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
}

function monthNumber(name = ''): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function currencyIn(text: string): string | undefined {
  const signs: Record<string, string> = { '€': 'EUR', $: 'USD', '£': 'GBP' };
  const found = /[€$£]|\b(?:EUR|USD|GBP|CHF)\b/.exec(text)?.[0];
  return found && (signs[found] ?? found);
}

/** Two or three capitalized words after one another, which no sentence begins if possible. */
function nameIn(text: string): string | undefined {
  const signed =
    /(?:regards|cheers|thanks|sincerely|from|by|am|is)[,:]?\s+(\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){1,2})/u.exec(
      text,
    );
  return signed?.[1] ?? /\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){1,2}/u.exec(text)?.[0];
}
