import { createHash, randomUUID } from 'node:crypto';
import { parse as parseQuery } from 'node:querystring';
import type { Request } from 'express';
import type { FormTriggerInput } from '#core/automation/triggers/form.js';
import { type FormField, valueOfField } from '#core/automation/triggers/form-fields.js';
import { canonicalJson } from '#core/canonical-json.js';
import { AppError } from '#core/errors.js';
import { maxFilesSize, maxValueSize } from '../body/decode-body.js';
import { parseMultipart, type ReceivedFile, type ReceivedPart } from '../body/multipart.js';
import { readBody } from '../body/read-body.js';
import { mediaTypeOf } from '../media-type.js';
import { inputName } from './form-field.js';
import { tokenInput, trapInput } from './form-page.js';

/** A form as it was sent. */
export interface Submission {
  token: string;
  /** A machine has filled in what people don't see. */
  isTrapped: boolean;
  /** By key; of a file, where it would be kept. */
  values: Readonly<Record<string, unknown>>;
  /** What was typed, by key, to be shown again. */
  texts: ReadonlyMap<string, readonly string[]>;
  /** What is wrong, by key. */
  errors: ReadonlyMap<string, string>;
  /** The files among the values, not kept yet. */
  files: readonly ReceivedFile[];
  /** The same for the same form with the same content, sent once more. */
  externalId: string;
}

const tokenPattern = /^[0-9a-f-]{36}$/;

/**
 * Reads and checks a form. `takePlace`: among the bodies with files that are in memory. Throws `unsupported_media_type`, `payload_too_large`, `malformed`,
 * `limit_exceeded`.
 */
export async function readSubmission(
  request: Request,
  form: FormTriggerInput,
  takePlace: () => () => void,
): Promise<Submission> {
  const parts = await readParts(request, takePlace);
  const textsOf = (name: string) =>
    parts.flatMap((part) => (part.name === name && 'text' in part ? [part.text] : []));
  const fileOf = (name: string) =>
    parts.flatMap((part) => (part.name === name && 'file' in part ? [part.file] : []))[0];
  const texts = new Map(form.fields.map(({ key }) => [key, textsOf(inputName(key))]));
  const files: ReceivedFile[] = [];
  const entries = form.fields.map((field): [string, unknown] => {
    if (field.kind !== 'file') return [field.key, readValue(field, texts.get(field.key) ?? [])];
    const file = fileOf(inputName(field.key));
    if (file) files.push(file);
    return [field.key, file ? fileValue(file) : null];
  });
  const values = Object.fromEntries(entries);
  const [given = ''] = textsOf(tokenInput);
  const token = tokenPattern.test(given) ? given : randomUUID();
  return {
    token,
    isTrapped: textsOf(trapInput).some((text) => text !== ''),
    values,
    texts,
    errors: errorsOf(form, values),
    files,
    externalId: sha256(`${token}\n${canonicalJson(values)}`),
  };
}

async function readParts(request: Request, takePlace: () => () => void): Promise<ReceivedPart[]> {
  const type = mediaTypeOf(request);
  if (type === 'application/x-www-form-urlencoded') {
    const fields = parseQuery((await readBody(request, maxValueSize)).toString('utf8'), '&', '=', {
      maxKeys: 1_000,
    });
    return Object.entries(fields).flatMap(([name, all = []]) => [all].flat().map((text) => ({ name, text })));
  }
  if (type !== 'multipart/form-data') {
    throw new AppError('unsupported_media_type', 'A form is sent as multipart/form-data');
  }
  const release = takePlace();
  try {
    return await parseMultipart(request.get('content-type') ?? '', await readBody(request, maxFilesSize));
  } finally {
    release();
  }
}

/** Texts as the field's kind of value; null for what was left empty. */
function readValue({ kind }: FormField, texts: readonly string[]): unknown {
  if (kind === 'checkbox') return texts.length > 0;
  if (kind === 'choices') return texts;
  const text = (texts[0] ?? '').replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  return kind === 'number' ? Number(text) : text;
}

function fileValue({ fileName, contentType, content }: ReceivedFile) {
  return { fileName: fileName ?? '', contentType, size: content.length, sha256: sha256(content) };
}

function errorsOf(form: FormTriggerInput, values: Readonly<Record<string, unknown>>): Map<string, string> {
  const errors = new Map<string, string>();
  for (const field of form.fields) {
    const [issue] = valueOfField(field).safeParse(values[field.key]).error?.issues ?? [];
    if (issue) errors.set(field.key, issue.message);
  }
  return errors;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
