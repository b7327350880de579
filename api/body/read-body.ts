import type { IncomingMessage } from 'node:http';
import { AppError } from '#core/errors.js';

/** How long the rest of a refused body is read and thrown away, so that the client gets to read the answer. */
const lingerMs = 1_000;

/**
 * Reads a body as it is, up to `maxBytes`. Stops at the first byte too many: `payload_too_large`. Throws
 * `unsupported_media_type` for a compressed body, `malformed` for one that breaks off.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new AppError('unsupported_media_type', 'Compressed bodies are not accepted');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onBreak).off('error', onBreak);
      finish();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else settle(() => reject(tooLarge(maxBytes)));
    };
    const onEnd = () =>
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const onBreak = () => settle(() => reject(new AppError('malformed', 'The request broke off')));
    request.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak);
  });
}

/** Throws away what is left of a refused body for a short while, then closes the connection. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), lingerMs);
  request.on('error', () => request.destroy());
  request.once('end', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes`);
}
