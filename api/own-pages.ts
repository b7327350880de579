import type { Request } from 'express';
import { AppError } from '#core/errors.js';
import { mediaTypeOf } from './media-type.js';

/**
 * Takes a request that acts by a cookie from our own pages only: it must say so by its Origin, or the browser by
 * `Sec-Fetch-Site`, and be JSON, which another site's form can't send. Throws `forbidden`, `unsupported_media_type`.
 */
export function requireOwnPage(request: Request, ownOrigin: string): void {
  if (mediaTypeOf(request) !== 'application/json') {
    throw new AppError('unsupported_media_type', 'Send the request as application/json');
  }
  if (request.get('origin') === ownOrigin || request.get('sec-fetch-site') === 'same-origin') return;
  throw new AppError('forbidden', `Only pages of ${ownOrigin} may ask for this: send it as Origin`);
}

/** Refuses a request that another site's page has caused; programs, which say nothing of pages, may come. */
export function refuseForeignPage(request: Request, ownOrigin: string): void {
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const isForeign =
    origin !== undefined ? origin !== ownOrigin : site === 'cross-site' || site === 'same-site';
  if (!isForeign || site === 'same-origin') return;
  throw new AppError('forbidden', 'Pages of other sites may not sign anybody in');
}
