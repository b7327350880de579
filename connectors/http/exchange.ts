import type { HttpContext } from './connection.js';
import { type Content, readContent, textOf } from './content.js';
import { authorizationOf } from './credentials.js';
import type { PreparedRequest } from './prepared-request.js';
import type { HttpRequest } from './request-input.js';
import type { SecretMask } from './secret-mask.js';
import { statusError } from './status-error.js';

/** One answer that is no failure. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Where it came from, after redirects; may hold credentials. */
  url: URL;
  content: Content;
}

/**
 * Sends one request and reads its answer. Redirects are followed by the guard. Throws AppError (status-error.ts, or
 * the guard's), or the signal's reason when the step is cancelled.
 */
export async function exchange(
  { secret, fetch, signal }: HttpContext,
  { url, method, headers, body }: PreparedRequest,
  { acceptStatus, retryOnStatus }: Pick<HttpRequest, 'acceptStatus' | 'retryOnStatus'>,
  mask: SecretMask,
): Promise<Answer> {
  const response = await fetch(authorizationOf(secret).url(url), { method, headers, body, signal });
  const content = await readContent(response);
  const { status } = response;
  if (status >= 400 && !acceptStatus.includes(status)) {
    const failed = { status, headers: response.headers, host: url.host, text: mask.text(textOf(content)) };
    throw statusError(failed, { retryOnStatus, hasConnection: secret !== undefined });
  }
  return { status, headers: response.headers, url: new URL(response.url), content };
}
