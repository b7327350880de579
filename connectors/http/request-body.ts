import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { queryOf } from './query.js';
import type { RequestBody } from './request-body-input.js';

/** Bytes of one request, files included. */
const maxRequestSize = 25 * 1024 * 1024;

export interface EncodedBody {
  body: string | Uint8Array<ArrayBuffer> | FormData;
  /** Undefined where the client writes it, since it holds the boundary of the parts. */
  contentType: string | undefined;
}

/** A body as it is sent. Throws `not_found` for a file that is not there, `validation` when it is too large. */
export async function encodeBody(given: RequestBody, files: FileStore): Promise<EncodedBody> {
  switch (given.kind) {
    case 'json':
      return { body: JSON.stringify(given.value ?? null), contentType: 'application/json' };
    case 'form':
      return {
        body: queryOf(given.fields),
        contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
      };
    case 'text':
      return { body: given.text, contentType: given.contentType };
    case 'file':
      return { body: await createFileReader(files)(given.sha256), contentType: given.contentType };
    case 'multipart':
      return { body: await encodeParts(given, files), contentType: undefined };
  }
}

async function encodeParts(
  { parts }: Extract<RequestBody, { kind: 'multipart' }>,
  files: FileStore,
): Promise<FormData> {
  const form = new FormData();
  const read = createFileReader(files);
  for (const part of parts) {
    if ('value' in part) form.append(part.name, part.value);
    else {
      const content = new Blob([await read(part.sha256)], { type: part.contentType });
      form.append(part.name, content, part.filename);
    }
  }
  return form;
}

/** Reads files of one request, up to its limit. */
function createFileReader(files: FileStore): (sha256: string) => Promise<Uint8Array<ArrayBuffer>> {
  let size = 0;
  return async (sha256) => {
    const content = new Uint8Array(await files.get(sha256));
    size += content.length;
    if (size > maxRequestSize) {
      const message = `The files of one request may have ${maxRequestSize} bytes together.`;
      throw new AppError('validation', message, { issues: [{ path: 'body', message }] });
    }
    return content;
  };
}
