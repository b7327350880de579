import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { AppError, type CurrentVersion, type ErrorCode, type ErrorIssue, errorTable } from '#core/errors.js';
import type { QuotaState } from '#core/quotas.js';
import type { Logger } from '#runtime/logger.js';
import { errorForLog } from './error-for-log.js';
import { contextOf, pathOf } from './request-context.js';

/** An error over HTTP, RFC 9457, `application/problem+json`. */
export interface Problem {
  /** Address of a page that explains the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** Path of the request. */
  instance: string;
  requestId: string;
  issues?: readonly ErrorIssue[];
  /** In a conflict of versions: what the row is at now. */
  current?: CurrentVersion;
  /** Where a quota of the organization is used up: which, and how it stands. */
  quota?: QuotaState;
}

/** Answers every request that no route took. */
export const refuseUnknownRoute: RequestHandler = (request) => {
  throw new AppError('not_found', `There is nothing at ${request.method} ${pathOf(request)}`);
};

/**
 * The one place where errors become answers. What is not an AppError, and not the HTTP library's own complaint about
 * a request, is `internal`: logged with its stack, told to nobody.
 */
export function createProblemHandler(logger: Logger, publicUrl: string): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const known = toAppError(error);
    const problem = describeProblem(known, request, publicUrl);
    if (known.code === 'internal') {
      logger.error({ error: errorForLog(error), requestId: problem.requestId }, 'request failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (known.retryAfterMs !== undefined) {
      response.setHeader('Retry-After', Math.max(1, Math.ceil(known.retryAfterMs / 1000)));
    }
    if (known.code === 'unauthenticated' && !response.hasHeader('WWW-Authenticate'))
      response.setHeader('WWW-Authenticate', 'Bearer realm="WorkSynapse"');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** The problem document of an error. Nothing of an `internal` error but its code is shown. */
export function describeProblem(error: AppError, request: Request, publicUrl: string): Problem {
  const { title } = errorTable[error.code];
  const isInternal = error.code === 'internal';
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title,
    status: error.status,
    detail: isInternal ? title : error.message,
    code: error.code,
    instance: pathOf(request),
    requestId: contextOf(request).requestId,
    ...(error.issues.length > 0 && !isInternal ? { issues: error.issues } : {}),
    ...(error.current && { current: error.current }),
    ...(error.quota && { quota: error.quota }),
  };
}

/** Any thrown value as an AppError; errors of the HTTP library about the request keep their meaning. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status = httpStatusOf(error);
  if (status === 413) return new AppError('payload_too_large', 'The request body is larger than allowed');
  if (status === 415)
    return new AppError('unsupported_media_type', 'This encoding of the body is not accepted');
  if (status === 404) return new AppError('not_found', errorTable.not_found.title);
  if (status === 400)
    return new AppError('malformed', 'The request could not be read: its address or body is broken');
  return new AppError('internal', errorTable.internal.title, { cause: error });
}

/** Express, its router and its body parser mark errors that are the client's fault with a status. */
function httpStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
