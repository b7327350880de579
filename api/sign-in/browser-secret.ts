import { createHash } from 'node:crypto';
import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';

const lifetimeMs = 600_000;

/** How long a browser keeps the secret of a way that it began, and from which sites it sends it. */
export interface BrowserSecretOptions {
  isHttps: boolean;
  /** True where the way back is a form that another site posts. */
  isPostedBack?: boolean;
}

/** Binds a way through a provider to the browser. Each way has a cookie of its own, so that two tabs do not disturb each other. */
export function setBrowserSecret(
  response: Response,
  { state, browserSecret }: { state: string; browserSecret: string },
  options: BrowserSecretOptions,
): void {
  response.cookie(nameOf(state, options), browserSecret, { ...attributes(options), maxAge: lifetimeMs });
}

/** The secret that the browser has for this state, if it is the one that began. */
export function readBrowserSecret(
  request: Request,
  state: string,
  options: BrowserSecretOptions,
): string | undefined {
  return parseCookie(request.get('cookie') ?? '')[nameOf(state, options)];
}

/** Takes the secret from the browser: it has been used. */
export function clearBrowserSecret(response: Response, state: string, options: BrowserSecretOptions): void {
  response.clearCookie(nameOf(state, options), attributes(options));
}

function nameOf(state: string, { isHttps }: BrowserSecretOptions): string {
  const way = createHash('sha256').update(state).digest('hex').slice(0, 16);
  return `${isHttps ? '__Host-' : ''}worksynapse-sign-in-${way}`;
}

/** Browsers take `SameSite=None` over https only. */
function attributes({ isHttps, isPostedBack = false }: BrowserSecretOptions) {
  const sameSite: 'none' | 'lax' = isHttps && isPostedBack ? 'none' : 'lax';
  return { httpOnly: true, secure: isHttps, path: '/', sameSite };
}
