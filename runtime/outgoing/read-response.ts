import { promisify } from 'node:util';
import { brotliDecompress, unzip } from 'node:zlib';
import type { Dispatcher } from 'undici';

const unzipBytes = promisify(unzip);
const brotliBytes = promisify(brotliDecompress);

const statusesWithoutBody = new Set([204, 205, 304]);

/**
 * Reads an answer whole and gives it as a standard Response, so that whoever holds it holds no connection.
 * Rejects with ERR_BUFFER_TOO_LARGE when it unpacks to more than `maxSize` bytes.
 */
export async function readResponse(
  answer: Dispatcher.ResponseData,
  url: URL,
  maxSize: number,
): Promise<Response> {
  const headers = readHeaders(answer);
  const packed = new Uint8Array(await answer.body.arrayBuffer());
  const bytes = await unpack(packed, headers.get('content-encoding'), maxSize);
  return standardResponse(answer, url, { headers, body: bytes });
}

/** An answer's head as a standard Response, with a body that is read already or still to be read. */
export function standardResponse(
  { statusCode: status, statusText }: Dispatcher.ResponseData,
  url: URL,
  { headers, body }: { headers: Headers; body: Uint8Array | ReadableStream<Uint8Array> },
): Response {
  const response = new Response(statusesWithoutBody.has(status) ? null : body, {
    status,
    statusText,
    headers,
  });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

/** The headers of an answer. */
export function readHeaders(answer: Dispatcher.ResponseData): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  return headers;
}

function unpack(
  packed: Uint8Array,
  encoding: string | null,
  maxOutputLength: number,
): Promise<Uint8Array> | Uint8Array {
  if (encoding === null || packed.length === 0) return packed;
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return unzipBytes(packed, { maxOutputLength });
    case 'br':
      return brotliBytes(packed, { maxOutputLength });
    default:
      return packed;
  }
}
