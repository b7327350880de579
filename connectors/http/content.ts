import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { HttpRequest } from './request-input.js';
import type { SecretMask } from './secret-mask.js';

type ContentKind = 'none' | 'json' | 'text' | 'file';

/** What came in an answer: its bytes, and the content type that it claims. */
export interface Content {
  bytes: Uint8Array;
  contentType: string | null;
}

const jsonTypes = /^application\/json$|\+json$/;
const textTypes =
  /^text\/|^application\/(?:xml|javascript|x-www-form-urlencoded|x-ndjson|yaml|x-yaml|graphql)$|\+xml$/;

/** Reads an answer whole; the guard has limited its size. */
export async function readContent(response: Response): Promise<Content> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, contentType: response.headers.get('content-type') };
}

/**
 * An answer's content as a step's output holds it: a JSON value, text, or a stored file; null for none. Not masked,
 * but a file is refused with `validation` if it repeats credentials. Throws `validation` for what must be JSON and is not.
 */
export async function interpretContent(
  content: Content,
  mode: HttpRequest['response'],
  { files, mask }: { files: FileStore; mask: SecretMask },
): Promise<unknown> {
  switch (kindOf(content, mode)) {
    case 'none':
      return null;
    case 'json':
      return readJson(content, mode === 'json');
    case 'text':
      return decode(content);
    case 'file': {
      if (mask.isIn(content.bytes)) {
        throw new AppError('validation', 'The answer is not kept, since it repeats the credentials.');
      }
      return files.put(content.bytes, mediaType(content) || 'application/octet-stream');
    }
  }
}

/** The text of an answer, for a message; empty if it is binary. */
export function textOf(content: Content): string {
  const kind = kindOf(content, 'auto');
  return kind === 'json' || kind === 'text' ? decode(content) : '';
}

function kindOf(content: Content, mode: HttpRequest['response']): ContentKind {
  if (content.bytes.length === 0) return 'none';
  if (mode !== 'auto') return mode;
  const type = mediaType(content);
  if (jsonTypes.test(type)) return 'json';
  if (textTypes.test(type)) return 'text';
  return type === '' && isText(content.bytes) ? 'text' : 'file';
}

function readJson(content: Content, isRequired: boolean): unknown {
  const text = decode(content);
  try {
    return JSON.parse(text);
  } catch {
    if (!isRequired) return text;
    throw new AppError('validation', 'The answer is not JSON.');
  }
}

function decode({ bytes, contentType }: Content): string {
  const label = /;\s*charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function mediaType({ contentType }: Content): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
