import { Router } from 'express';
import { AppError, errorTable, isErrorCode } from '#core/errors.js';
import { html } from '#core/html.js';
import type { ApiApp } from '../api-app.js';
import { contextOf } from '../request-context.js';
import { pageStyle, sendPage } from './page.js';

/** The front page, the pages that explain problem codes, and their style. */
export function createPages(app: ApiApp): Router {
  const hasMailbox = app.services.configuration.DEV_MAILBOX_FOLDER !== undefined;
  const router = Router({ caseSensitive: true });
  router.get('/', (request, response) => {
    contextOf(request).route = '/';
    sendPage(response, 'WorkSynapse', frontPage(hasMailbox));
  });
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

function frontPage(hasMailbox: boolean) {
  const mailbox = html`<li><a href="/dev/mailbox">Development mailbox</a>: mail that WorkSynapse has sent</li>`;
  return html`<h1>WorkSynapse</h1>
<p>The open platform on which an organization runs: people, AI workers and automations in one place, on a durable engine.</p>
<ul>
<li><a href="/docs">API reference</a></li>
<li><a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/readyz">Readiness of its services</a></li>
${hasMailbox ? mailbox : html``}
</ul>`;
}
