import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { type CookieJar, type CookieName, createCookieJar } from '#runtime/cookie-jar.js';

/** Reads the cookies of a request for an action, and sets on the answer what the action made of them. */
export interface Cookies {
  read(request: Request): CookieJar;
  /** After a failure cookies are only taken away: what was to be kept has not come about. */
  write(response: Response, jar: CookieJar, hasFailed: boolean): void;
}

const names: readonly CookieName[] = ['session', 'device'];
const maxValueLength = 512;

/**
 * On https the names have the prefix `__Host-`: browsers take such a cookie from this very host only, for no other, and
 * never without encryption. Scripts can't read them, and requests that another site causes come without them.
 */
export function createCookies(publicUrl: string): Cookies {
  const secure = publicUrl.startsWith('https:');
  const nameOf = (name: CookieName) => `${secure ? '__Host-' : ''}worksynapse_${name}`;
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'strict', path: '/' };
  return {
    read(request) {
      const all = parseCookie(request.get('cookie') ?? '');
      const came = names.flatMap((name) => {
        const value = all[nameOf(name)];
        return value !== undefined && value.length <= maxValueLength ? [[name, value] as const] : [];
      });
      return createCookieJar(Object.fromEntries(came));
    },
    write(response, jar, hasFailed) {
      for (const [name, { value, maxAgeSeconds }] of jar.changes) {
        if (value === null) response.clearCookie(nameOf(name), options);
        else if (!hasFailed)
          response.cookie(nameOf(name), value, { ...options, maxAge: maxAgeSeconds * 1000 });
      }
    },
  };
}
