import { AppError } from '#core/errors.js';
import type { Credentials } from './connection.js';
import { withParameter } from './query.js';

/** Puts a connection's credentials on a request. */
export interface Authorization {
  url(url: URL): URL;
  /** The header that carries them, if one does. */
  headers: Readonly<Record<string, string>>;
}

/** How these credentials travel; without any, nothing is added. */
export function authorizationOf(credentials: Credentials | undefined): Authorization {
  switch (credentials?.scheme) {
    case 'basic':
      return inHeader('authorization', `Basic ${basicToken(credentials)}`);
    case 'bearer':
      return inHeader('authorization', `Bearer ${credentials.token}`);
    case 'header':
      return inHeader(credentials.name.toLowerCase(), credentials.value);
    case 'query':
      return { url: (url) => withParameter(url, credentials.name, credentials.value), headers: {} };
    default:
      return { url: (url) => url, headers: {} };
  }
}

/** RFC 7617: user name and password in UTF-8, joined by a colon, in base64. */
export function basicToken({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** Throws `validation` for a header or parameter that the connection sets itself. */
export function refuseOwnCredentials(
  credentials: Credentials | undefined,
  given: { headers?: object | undefined; query?: object | undefined },
): void {
  const [name] = Object.keys(authorizationOf(credentials).headers);
  const header = Object.keys(given.headers ?? {}).find((one) => one.toLowerCase() === name);
  if (header !== undefined) throw setByConnection(`headers.${header}`);
  if (credentials?.scheme === 'query' && Object.hasOwn(given.query ?? {}, credentials.name)) {
    throw setByConnection(`query.${credentials.name}`);
  }
}

function inHeader(name: string, value: string): Authorization {
  return { url: (url) => url, headers: { [name]: value } };
}

function setByConnection(path: string): AppError {
  const message = 'is set by the connection';
  return new AppError('validation', `${path} ${message}`, { issues: [{ path, message }] });
}
