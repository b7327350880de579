import { AppError } from '#core/errors.js';
import { parseUrl } from '#core/parse-url.js';
import type { HttpContext } from './connection.js';
import { queryOf } from './query.js';
import type { HttpRequest } from './request-input.js';

const absolute = /^[a-z][a-z0-9+.-]*:/i;

/**
 * The address of a request, with its query and without credentials. A relative url continues the path of the
 * connection's base address. Throws `validation` for an address that is none, or of another origin than the
 * connection's: its credentials must not go there.
 */
export function targetUrl({ config }: Pick<HttpContext, 'config'>, { url, query }: HttpRequest): URL {
  const target = resolve(url, config.baseUrl);
  if (config.baseUrl !== undefined && target.origin !== new URL(config.baseUrl).origin) {
    throw wrongUrl(`The connection is for ${new URL(config.baseUrl).origin} only.`);
  }
  const added = queryOf(query ?? {});
  if (added !== '') target.search += (target.search === '' ? '?' : '&') + added;
  return target;
}

function resolve(url: string, baseUrl: string | undefined): URL {
  const isAbsolute = absolute.test(url);
  if (!isAbsolute && baseUrl === undefined) {
    throw wrongUrl('A relative url needs a connection that has a base address.');
  }
  const address = isAbsolute ? url : join(baseUrl ?? '', url);
  const target = parseUrl(address);
  if (!target) throw wrongUrl('This is not a valid url.');
  target.hash = '';
  return target;
}

/** Text after text, so that neither `//other.example` nor `/` leaves the path of the base address. */
function join(baseUrl: string, url: string): string {
  if (url === '' || url.startsWith('?') || url.startsWith('#')) return baseUrl + url;
  return `${baseUrl.replace(/\/+$/, '')}/${url.replace(/^[/\\]+/, '')}`;
}

function wrongUrl(message: string): AppError {
  return new AppError('validation', message, { issues: [{ path: 'url', message }] });
}
