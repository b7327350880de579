import type { Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '#runtime/logger.js';
import { contextOf, pathOf } from './request-context.js';

/**
 * One JSON line a request: requestId, method, path, status, ms, and who did which action. Neither queries, headers
 * nor bodies are logged. Server errors are logged with their stack where they are answered (problem.ts).
 */
export function createRequestLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: (request) => contextOf(request).requestId,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
    quietReqLogger: true,
    quietResLogger: true,
    serializers: { req: () => undefined },
    wrapSerializers: false,
    customLogLevel: (request, response) => {
      if (response.statusCode >= 500) return 'error';
      return contextOf(request).isQuiet && response.statusCode < 400 ? 'debug' : 'info';
    },
    customSuccessObject: (request, response, { ms }: { ms: number }) => describe(request, response, ms),
    customErrorObject: (request, response, _error, { ms }: { ms: number }) => describe(request, response, ms),
    customSuccessMessage: message,
    customErrorMessage: message,
  });
}

function message(request: Request, response: Response): string {
  return response.writableFinished ? 'request' : `request left by the client: ${request.method}`;
}

function describe(request: Request, response: Response, ms: number) {
  const { caller, action, route, hasSecretPath } = contextOf(request);
  const known = caller && caller.kind !== 'anonymous' ? caller : undefined;
  return {
    method: request.method,
    path: hasSecretPath ? route : pathOf(request),
    status: response.statusCode,
    ms,
    action,
    callerKind: caller?.kind,
    orgId: known?.orgId,
    userId: known && 'userId' in known ? known.userId : undefined,
  };
}
