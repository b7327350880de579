import cors from 'cors';
import type { RequestHandler } from 'express';

/** Seconds for which a browser may keep what a preflight said. */
const preflightSeconds = 600;

/**
 * Lets pages of exactly these origins call, with credentials; pages of others are told nothing, and so are refused by
 * the browser. Without origins there is no CORS at all.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next();
  return cors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'Last-Event-ID',
      'MCP-Protocol-Version',
      'Mcp-Method',
      'Mcp-Name',
      'Mcp-Session-Id',
      'X-Api-Key',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'ETag',
      'Mcp-Session-Id',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
      'X-Run-Id',
    ],
    maxAge: preflightSeconds,
  });
}
