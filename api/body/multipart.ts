import { Busboy } from '@fastify/busboy';
import { AppError } from '#core/errors.js';
import { trueMediaType } from './true-media-type.js';

/** A file as it came in, not kept anywhere yet. */
export interface ReceivedFile {
  fileName: string | null;
  contentType: string;
  content: Buffer;
}

/** What a multipart body holds, in its order. */
export type ReceivedPart = { name: string } & ({ text: string } | { file: ReceivedFile });

/** Bounds on one multipart body; its size has been bounded where it was read. */
const limits = {
  parts: 200,
  files: 50,
  fields: 200,
  fieldSize: 1024 * 1024,
  headerPairs: 20,
  headerSize: 8 * 1024,
};
const maxName = 200;
const maxFileName = 255;
const mediaType = /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60}$/;

/**
 * Reads `multipart/form-data` (RFC 7578); files have the type that their content bears out. Throws `malformed`, and
 * `payload_too_large` for too many or too long parts.
 */
export async function parseMultipart(contentType: string, body: Buffer): Promise<ReceivedPart[]> {
  const parts = await readParts(contentType, body);
  for (const part of parts) {
    if ('file' in part) part.file.contentType = await trueMediaType(part.file.contentType, part.file.content);
  }
  return parts;
}

function readParts(contentType: string, body: Buffer): Promise<ReceivedPart[]> {
  return new Promise((resolve, reject) => {
    const parts: ReceivedPart[] = [];
    const tooLarge = (what: string) => reject(new AppError('payload_too_large', `The form has ${what}`));
    const unreadable = (cause: unknown) =>
      reject(new AppError('malformed', 'The multipart body could not be read', { cause }));
    try {
      const reader = new Busboy({ headers: { 'content-type': contentType }, limits });
      const add = (part: ReceivedPart) => {
        // The library does not look at the length of names.
        if (part.name.length > maxName) tooLarge('a name that is too long');
        else parts.push(part);
      };
      reader.on('field', (name, text, _isNameCut, isCut) => {
        if (isCut) tooLarge('a field that is too long');
        else add({ name: name ?? '', text });
      });
      reader.on('file', (name, stream, fileName, _encoding, type) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', unreadable);
        stream.on('end', () => {
          const content = Buffer.concat(chunks);
          const cleanName = plainFileName(fileName);
          // What a browser sends for a file input in which nothing was chosen.
          if (cleanName === '' && content.length === 0) return;
          const file = { fileName: cleanName, contentType: plainMediaType(type), content };
          add({ name: name ?? '', file });
        });
      });
      reader.on('partsLimit', () => tooLarge(`more than ${limits.parts} parts`));
      reader.on('filesLimit', () => tooLarge(`more than ${limits.files} files`));
      reader.on('fieldsLimit', () => tooLarge(`more than ${limits.fields} fields`));
      reader.on('error', unreadable);
      reader.on('finish', () => resolve(parts));
      reader.end(body);
    } catch (error) {
      // It throws at once for a content type without a boundary.
      unreadable(error);
    }
  });
}

/** A media type without parameters; what is none becomes `application/octet-stream`. */
export function plainMediaType(type: string | undefined): string {
  const plain = type?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return mediaType.test(plain) ? plain : 'application/octet-stream';
}

function plainFileName(name: string | undefined): string {
  return (name ?? '').replace(/\p{Cc}/gu, '').slice(0, maxFileName);
}
