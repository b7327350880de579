import type { Request, RequestHandler, Response } from 'express';
import { type ErrorCode, errorTable } from '#core/errors.js';
import { html } from '#core/html.js';
import { discardRest } from '../body/read-body.js';
import { toAppError } from '../problem.js';
import { contentPolicy } from '../security-headers.js';
import { sendPage } from './page.js';

/** Styles of pages on which people fill something in. */
export const hostedStyles = ['/assets/form.css'];

/**
 * Nothing but our own styles, no frame around it, no trace of its address elsewhere. `target`: an origin that the page's
 * form leads on to, which browsers hold against it as well.
 */
export function guardPage(response: Response, target?: string): void {
  const beyond = target === undefined ? '' : ` ${target}`;
  const policy = contentPolicy({ 'img-src': "'none'", 'form-action': `'self'${beyond}` });
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Robots-Tag', 'noindex');
  response.setHeader('Cache-Control', 'no-store');
}

/** A page of one message. */
export function sendMessagePage(
  response: Response,
  { status, title, detail }: { status: number; title: string; detail: string },
): void {
  guardPage(response);
  const body = html`<main class="form"><h1>${title}</h1>
<p>${detail}</p></main>`;
  sendPage(response.status(status), title, body, hostedStyles);
}

/**
 * Tells a person what is wrong by a page; errors of our own go on to where they are logged. `details` say it better
 * than the error's message.
 */
export function asPage(
  details: Partial<Record<ErrorCode, string>>,
  handle: (request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      discardRest(request);
      const { code, status, message, retryAfterMs } = toAppError(error);
      if (code === 'internal') throw error;
      if (retryAfterMs !== undefined)
        response.setHeader('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1000)));
      sendMessagePage(response, { status, title: errorTable[code].title, detail: details[code] ?? message });
    }
  };
}
