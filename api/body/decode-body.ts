import { parse as parseQuery } from 'node:querystring';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { checkJson } from '../check-json.js';
import { parseMultipart, plainMediaType, type ReceivedFile } from './multipart.js';
import { trueMediaType } from './true-media-type.js';

/** Bytes of a body that is kept as a value, and of one whose files are kept beside it. */
export const maxValueSize = 1024 * 1024;
export const maxFilesSize = 16 * 1024 * 1024;

/** A file as a run sees it: where the organization keeps it, and what it is. */
interface KeptFile {
  fileName: string | null;
  contentType: string;
  size: number;
  sha256: string;
}

type Decoder = (body: Buffer, files: FileStore) => unknown;

/** How a body of one content type is read. */
export interface BodyFormat {
  /** Bytes. */
  maxSize: number;
  /** Returns JSON; files go to the organization's. Throws `malformed`, `payload_too_large`. */
  decode: Decoder;
}

/** How to read a body of this content type: JSON, form fields and text as values, files and anything else as files. */
export function bodyFormat(contentType: string): BodyFormat {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const asValue = (decode: Decoder) => ({ maxSize: maxValueSize, decode });
  if (type === 'application/json' || type.endsWith('+json')) return asValue(decodeJson);
  if (type === 'application/x-www-form-urlencoded')
    return asValue((body) => ({ ...parseQuery(decodeText(body)) }));
  if (type.startsWith('text/') || type === 'application/xml' || type.endsWith('+xml'))
    return asValue(decodeText);
  const decode: Decoder =
    type === 'multipart/form-data'
      ? (body, files) => decodeMultipart(contentType, body, files)
      : (body, files) => decodeFile(type, body, files);
  return { maxSize: maxFilesSize, decode };
}

function decodeJson(body: Buffer): unknown {
  if (body.length === 0) return null;
  const text = decodeText(body);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', 'The body is not valid JSON', { cause });
  }
}

function decodeText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new AppError('malformed', 'The body is not valid UTF-8', { cause });
  }
}

/** An object with the fields as they are; a repeated name has a list. */
async function decodeMultipart(contentType: string, body: Buffer, files: FileStore): Promise<unknown> {
  const parts = await parseMultipart(contentType, body);
  checkJson(parts.map((part) => [part.name, 'text' in part ? part.text : part.file.fileName]));
  await requireRoomFor(
    files,
    parts.flatMap((part) => ('file' in part ? [part.file] : [])),
  );
  const values = new Map<string, unknown[]>();
  for (const part of parts) {
    const value = 'text' in part ? part.text : await keepFile(files, part.file);
    values.set(part.name, [...(values.get(part.name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

async function decodeFile(type: string, body: Buffer, files: FileStore): Promise<unknown> {
  if (body.length === 0) return null;
  const contentType = await trueMediaType(plainMediaType(type), body);
  return keepFile(files, { fileName: null, contentType, content: body });
}

/** Throws `limit_exceeded` where there is no room for all of them, before the first is kept. */
export async function requireRoomFor(files: FileStore, received: readonly ReceivedFile[]): Promise<void> {
  const bytes = received.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (received.length > 1) await files.requireRoom(bytes);
}

/** Puts a file among the organization's. */
export async function keepFile(files: FileStore, file: ReceivedFile): Promise<KeptFile> {
  const { fileName, contentType, content } = file;
  const { size, sha256 } = await files.put(content, contentType);
  return { fileName, contentType, size, sha256 };
}
