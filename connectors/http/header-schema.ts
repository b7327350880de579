import { z } from 'zod';

/** Set by the client itself, or about one connection only (RFC 9110, 7.6.1), or where the request is routed. */
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A header that a user may set. RFC 9110, 5.6.2 (token). */
export const HeaderName = z
  .string()
  .max(255)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header')
  .refine((name) => !connectionHeaders.has(name.toLowerCase()), 'is set by the connection itself');

/** RFC 9110, 5.5: a tab, visible ASCII, spaces and Latin-1; above all no line break. */
export const FieldValue = z
  .string()
  .max(8000)
  .regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'must be one line of Latin-1');
