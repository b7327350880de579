import { Router } from 'express';
import { AppError, errorTable, isErrorCode } from '#core/errors.js';
import { html } from '#core/html.js';
import { contextOf } from '../request-context.js';
import { pageStyle, sendPage } from './page.js';

/** The pages that explain problem codes, and the style of all of the API's own pages. */
export function createPages(): Router {
  const router = Router({ caseSensitive: true });
  router.get('/assets/page.css', (request, response) => {
    Object.assign(contextOf(request), { route: '/assets/page.css', isQuiet: true });
    response.setHeader('Cache-Control', 'public, max-age=300');
    response.type('css').send(pageStyle);
  });
  router.get('/problems/:code', (request, response) => {
    contextOf(request).route = '/problems/:code';
    const code = String(request.params.code);
    if (!isErrorCode(code)) throw new AppError('not_found', 'There is no such problem code');
    const { title, status, retryable } = errorTable[code];
    sendPage(
      response,
      `Problem: ${code}`,
      html`<h1>${title}</h1>
<dl><dt>Code</dt><dd>${code}</dd><dt>HTTP status</dt><dd>${status}</dd>
<dt>Trying again</dt><dd>${retryable ? 'can help, after the time that Retry-After says if it is there' : 'does not help: change the request first'}</dd></dl>
<p><a href="/docs">API reference</a></p>`,
    );
  });
  return router;
}
