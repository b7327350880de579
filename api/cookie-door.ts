import type { Request, Response } from 'express';
import type { ActionDescription } from '#core/action.js';
import { type CookieJar, createCookieJar } from '#runtime/cookie-jar.js';
import { createCookies } from './cookies.js';
import { refuseForeignPage, requireOwnPage } from './own-pages.js';

/** Where cookies come in and go out. */
export interface CookieDoor {
  /**
   * Checks from which page the request comes, lets `work` have its cookies, and sets what became of them. An action
   * that says nothing of cookies gets none. Throws `forbidden`, `unsupported_media_type`, and what `work` throws.
   */
  pass<Result>(
    request: Request,
    response: Response,
    action: ActionDescription,
    work: (cookies: CookieJar) => Promise<Result>,
  ): Promise<Result>;
}

export function createCookieDoor(publicUrl: string): CookieDoor {
  const cookies = createCookies(publicUrl);
  const ownOrigin = new URL(publicUrl).origin;
  return {
    async pass(request, response, action, work) {
      if (action.cookies === undefined) return work(createCookieJar());
      if (action.cookies === 'uses') requireOwnPage(request, ownOrigin);
      else refuseForeignPage(request, ownOrigin);
      const jar = cookies.read(request);
      try {
        const result = await work(jar);
        cookies.write(response, jar, false);
        return result;
      } catch (error) {
        cookies.write(response, jar, true);
        throw error;
      }
    },
  };
}
