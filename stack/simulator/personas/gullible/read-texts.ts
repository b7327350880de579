import { z } from 'zod';
import type { Conversation, JsonSchema } from '../../conversation.js';

const Name = z.string().optional().catch(undefined);
const Given = z.record(z.string(), z.unknown()).optional().catch(undefined);
const WrittenCall = z.object({
  tool: Name,
  name: Name,
  function: Name,
  action: Name,
  arguments: Given,
  parameters: Given,
  input: Given,
  args: Given,
});

/**
 * Every text that the model is given, as it would understand it: system texts, names and descriptions of tools and of
 * their fields, what the user wrote and what tools gave. Texts within JSON stand alone, the names of fields as well;
 * markup, invisible letters and Base64 hide nothing.
 */
export function readTexts({ system, tools, turns }: Conversation): string[] {
  const given = [
    ...system,
    ...tools.flatMap(({ name, description, schema }) => [name, description, ...textsWithin(schema)]),
    ...turns
      .filter(({ role }) => role === 'user')
      .flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'toolCall' ? [] : [part.text]))),
  ];
  return given.flatMap(understood).filter((text) => text.trim() !== '');
}

/** The texts of a JSON value, and the names of its fields. */
export function textsWithin(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsWithin);
  if (typeof value !== 'object' || value === null) return [];
  const fields: JsonSchema = { ...value };
  return Object.entries(fields).flatMap(([name, field]) => [name, ...textsWithin(field)]);
}

function understood(text: string): string[] {
  const json = jsonIn(text);
  const data = json === undefined ? undefined : parsed(json);
  const texts =
    data === undefined || json === undefined ? [text] : [text.replace(json, ' '), ...textsWithin(data)];
  const plain = [...texts, ...writtenCalls(data)].map(unhidden);
  return [...plain, ...plain.map(spacedName), ...plain.flatMap(decoded)];
}

/** Calls that are written down as models write them, `{ "tool": …, "arguments": {…} }`, in the notation for calls. */
function writtenCalls(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const call = WrittenCall.safeParse(value).data;
  const name = call?.tool ?? call?.name ?? call?.function ?? call?.action;
  const given = call?.arguments ?? call?.parameters ?? call?.input ?? call?.args;
  const own = name !== undefined && given !== undefined ? [`CALL ${name} ${JSON.stringify(given)}`] : [];
  return [...own, ...Object.values(value).flatMap(writtenCalls)];
}

/** The JSON in a text, which may stand between other words. */
export function embeddedJson(text: string): unknown {
  const json = jsonIn(text);
  return json === undefined ? undefined : parsed(json);
}

/** Data begins a line, or follows a tag; what stands in the midst of a sentence is part of it. */
function jsonIn(text: string): string | undefined {
  return /(?:^|[\n>])\s*([[{][\s\S]*[\]}])/.exec(text)?.[1];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The name of a file as words; nothing for what is none. */
function spacedName(text: string): string {
  const isName = /^\S+$/.test(text) && (text.match(/[_-]/g)?.length ?? 0) > 2;
  return isName
    ? text.replaceAll(/[_-]/g, ' ').replace(/\.(?:pdf|docx?|xlsx?|txt|md|csv|html?|png|jpe?g|zip)$/i, '')
    : '';
}

/** Letters of the block of tags are invisible, and each stands for one of ASCII. */
function unhidden(text: string): string {
  return text
    .replaceAll(/[\u{e0020}-\u{e007e}]+/gu, (letters) => ` ${[...letters].map(plainLetter).join('')} `)
    .normalize('NFKC')
    .replaceAll(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replaceAll(/<!--|-->|<\/?[a-z][^<>]*>/gi, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function plainLetter(letter: string): string {
  return String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0xe0000);
}

function decoded(text: string): string[] {
  const found = text.match(/[A-Za-z0-9+/_-]{24,}={0,2}/g) ?? [];
  const texts = found.map((code) => Buffer.from(code, 'base64').toString('utf8'));
  return texts.filter((one) => /^[\x20-\x7e\s]+$/.test(one) && one.includes(' '));
}
