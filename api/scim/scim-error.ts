import type { ErrorRequestHandler } from 'express';
import type { AppError } from '#core/errors.js';
import type { Logger } from '#runtime/logger.js';
import { errorForLog } from '../error-for-log.js';
import { toAppError } from '../problem.js';
import { contextOf } from '../request-context.js';

/** The media type of SCIM, RFC 7644, 8.1. */
export const scimMediaType = 'application/scim+json';

/** Errors in the form of SCIM, RFC 7644, 3.12. Nothing of an error of our own is told. */
export function createScimErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const known = toAppError(error);
    const { requestId } = contextOf(request);
    if (known.code === 'internal') logger.error({ error: errorForLog(error), requestId }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (known.retryAfterMs !== undefined) {
      response.setHeader('Retry-After', Math.max(1, Math.ceil(known.retryAfterMs / 1000)));
    }
    if (known.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer realm="SCIM"');
    // RFC 7644 knows 400 for what is wrong with an input.
    const status = known.status === 422 ? 400 : known.status;
    const scimType = scimTypeOf(known);
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      detail: known.code === 'internal' ? 'Something went wrong on our side' : known.message,
    };
    response.status(status).type(scimMediaType).send(JSON.stringify(body));
  };
}

function scimTypeOf({ code, issues: [issue] }: AppError): string | undefined {
  if (code === 'malformed') return 'invalidSyntax';
  if (code === 'conflict') return issue ? 'uniqueness' : 'mutability';
  if (code !== 'validation') return undefined;
  if (issue?.path === 'filter') return 'invalidFilter';
  if (issue?.path === 'path') return 'invalidPath';
  return issue?.path.startsWith('operations') ? 'invalidSyntax' : 'invalidValue';
}
