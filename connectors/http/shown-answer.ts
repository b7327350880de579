import type { Credentials } from './connection.js';
import type { SecretMask } from './secret-mask.js';

/** Headers that hold a session, a token or a challenge of the other side: nothing for a step's output. */
const withheldHeaders = new Set([
  'authentication-info',
  'authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
  'x-amz-security-token',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
  'x-subject-token',
  'x-xsrf-token',
]);

/** The headers of an answer that a step's output may hold, by lower-case name. */
export function shownHeaders(headers: Headers, mask: SecretMask): Record<string, string> {
  const shown = [...headers].filter(([name]) => !withheldHeaders.has(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, mask.text(value)]));
}

/** The address of an answer without the credentials that its query may carry. */
export function shownUrl(url: URL, credentials: Credentials | undefined, mask: SecretMask): string {
  const shown = new URL(url);
  if (credentials?.scheme === 'query' && shown.searchParams.has(credentials.name)) {
    shown.searchParams.delete(credentials.name);
  }
  return mask.text(shown.href);
}
