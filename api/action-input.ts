import type { Request } from 'express';
import type { HttpRoute } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { checkJson } from './check-json.js';

type Fields = Record<string, unknown>;

/**
 * Puts an action's input together: the query of GET and DELETE, then the body, then the path's parameters. A field
 * that repeats a path parameter with another value is `validation`; a body that is not an object is `malformed`.
 * `If-Match: "3"` fills `version` where the action takes one.
 */
export function readActionInput(request: Request, route: HttpRoute, takesVersion: boolean): Fields {
  const hasQuery = route.method === 'get' || route.method === 'delete';
  const query = hasQuery ? request.query : {};
  // The body has been checked where it was read.
  checkJson([query, request.params]);
  const given: Fields = { ...query, ...readObjectBody(request) };
  const fixed: Fields = { ...request.params };
  if (takesVersion) Object.assign(fixed, versionOf(request));
  for (const [name, value] of Object.entries(fixed)) {
    if (!Object.hasOwn(given, name) || String(given[name]) === String(value)) continue;
    const message = `must equal ${JSON.stringify(value)}, which the address or If-Match says`;
    throw invalidField({ path: name, message });
  }
  return { ...given, ...fixed };
}

/** The body as an object; empty without a body. Throws `malformed` for another kind of JSON. */
export function readObjectBody(request: Request): Fields {
  const body: unknown = request.body;
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('malformed', 'The body must be a JSON object');
  }
  return { ...body };
}

function versionOf(request: Request): { version?: number } {
  const header = request.get('if-match');
  if (header === undefined) return {};
  const digits = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (digits === undefined)
    throw new AppError('malformed', 'If-Match must be a version in quotes, such as "3"');
  return { version: Number(digits) };
}
