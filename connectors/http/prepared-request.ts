import { AppError } from '#core/errors.js';
import type { HttpContext } from './connection.js';
import { authorizationOf, refuseOwnCredentials } from './credentials.js';
import { type EncodedBody, encodeBody } from './request-body.js';
import type { HttpRequest } from './request-input.js';
import { targetUrl } from './target-url.js';

/** A request that can be sent, but for the credentials that an address may need. */
export interface PreparedRequest {
  url: URL;
  method: string;
  /** Lower-case names; credentials among them. */
  headers: Headers;
  body: EncodedBody['body'] | null;
}

/** Methods that may have another effect each time (RFC 9110, 9.2.2; PATCH: RFC 5789). */
const repeatedAtRisk = new Set(['POST', 'PATCH']);

/**
 * Puts a request together. Throws `validation` for what the connection or the protocol does not allow, `conflict` for
 * a request that may have been made already and must not be made twice, `not_found` for a file that is not there.
 */
export async function prepareRequest(context: HttpContext, input: HttpRequest): Promise<PreparedRequest> {
  const isRisky = repeatedAtRisk.has(input.method);
  if (isRisky && context.isRetry && input.onUnknownOutcome === 'fail') throw outcomeUnknown(input.method);
  refuseOwnCredentials(context.secret, input);
  const url = targetUrl(context, input);
  const headers = new Headers(input.headers);
  const encoded = input.body && (await encodeBody(input.body, context.files));
  if (encoded) setContentType(headers, encoded);
  // draft-ietf-httpapi-idempotency-key-header: the same for every attempt of a step.
  if (isRisky && !headers.has('idempotency-key')) headers.set('idempotency-key', context.idempotencyKey);
  const authorization = authorizationOf(context.secret);
  for (const [name, value] of Object.entries(authorization.headers)) headers.set(name, value);
  return { url, method: input.method, headers, body: encoded?.body ?? null };
}

function setContentType(headers: Headers, { contentType }: EncodedBody): void {
  if (contentType !== undefined) {
    if (!headers.has('content-type')) headers.set('content-type', contentType);
  } else if (headers.has('content-type')) {
    const message = 'The content type of a multipart body is set with its boundary.';
    throw new AppError('validation', message, { issues: [{ path: 'headers.content-type', message }] });
  }
}

function outcomeUnknown(method: string): AppError {
  return new AppError(
    'conflict',
    `An earlier attempt of this ${method} began, and whether it took effect is not known. It is not sent again, since ` +
      'it could take effect twice. Set onUnknownOutcome to "repeat" if the other side knows the Idempotency-Key header.',
  );
}
