import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { html } from '#core/html.js';
import { publicUrl } from '#runtime/configuration.js';
import { readObjectBody } from '../action-input.js';
import type { ApiApp } from '../api-app.js';
import { authenticate } from '../authenticate.js';
import { originOf } from '../client-network.js';
import type { CookieDoor } from '../cookie-door.js';
import { readJsonBody } from '../json-body.js';
import { asPage, guardPage, hostedStyles } from '../pages/hosted-page.js';
import { sendPage } from '../pages/page.js';
import { contextOf } from '../request-context.js';
import type { SignInLimit } from '../sign-in-limit.js';
import { clearBrowserSecret, readBrowserSecret, setBrowserSecret } from './browser-secret.js';
import { Finished, landingUrl } from './landing.js';

const Started = z.object({
  redirectUrl: z.string(),
  state: z.string(),
  isPostedBack: z.boolean(),
  browserSecret: z.string(),
});

const problems = { not_found: 'There is no such way to sign in.' };
const anonymous = { kind: 'anonymous' } as const;

/**
 * The way of a browser to an identity provider and back, below /v1/sign-in: `/:provider/start`, `/callback`, and
 * `/finish`, to which the callback leads on by a page of our own: the request that the provider's site caused comes
 * without the cookies of our site.
 */
export function createSignInRoutes(
  app: ApiApp,
  { limitSignIn, door }: { limitSignIn: SignInLimit; door: CookieDoor },
): Router {
  const address = publicUrl(app.services.configuration);
  const isHttps = address.startsWith('https:');
  const router = Router({ caseSensitive: true });
  router.get(
    '/:provider/start',
    asPage(problems, async (request, response) => {
      const action = begin(app, request, 'sign_in.start', '/v1/sign-in/:provider/start');
      await limitSignIn(request, action);
      const { provider } = request.params;
      const { requestId } = contextOf(request);
      const input = { provider, ...queryOf(request) };
      const started = Started.parse(await app.perform(anonymous, action.name, input, { requestId }));
      guardPage(response);
      setBrowserSecret(response, started, { isHttps, isPostedBack: started.isPostedBack });
      response.redirect(303, started.redirectUrl);
    }),
  );
  // For pages of ours: the caller is said by an access token, which no other site can send.
  router.post('/:provider/link', ...readJsonBody, async (request: Request, response: Response) => {
    const action = begin(app, request, 'identities.start_link', '/v1/sign-in/:provider/link');
    const { provider } = request.params;
    const caller = await authenticate(app, request);
    const input = { ...readObjectBody(request), provider };
    const { requestId } = contextOf(request);
    const started = Started.parse(await app.perform(caller, action.name, input, { requestId }));
    setBrowserSecret(response, started, { isHttps, isPostedBack: started.isPostedBack });
    response.setHeader('Cache-Control', 'no-store');
    response.json({ redirectUrl: started.redirectUrl });
  });
  router.get(
    '/callback',
    asPage(problems, async (request, response) => {
      contextOf(request).route = '/v1/sign-in/callback';
      leadOn(response, `${address}/v1/sign-in/finish?${new URLSearchParams(queryOf(request))}`);
    }),
  );
  router.get(
    '/finish',
    asPage(problems, async (request, response) => {
      const action = begin(app, request, 'sign_in.finish', '/v1/sign-in/finish');
      await limitSignIn(request, action);
      const answer = queryOf(request);
      const { state = '' } = answer;
      const browserSecret = readBrowserSecret(request, state, { isHttps });
      clearBrowserSecret(response, state, { isHttps });
      const input = { answer, ...(browserSecret !== undefined && { browserSecret }) };
      const finished = await door.pass(request, response, action, async (cookies) => {
        const options = { requestId: contextOf(request).requestId, origin: originOf(request), cookies };
        return Finished.parse(await app.perform(anonymous, action.name, input, options));
      });
      guardPage(response);
      response.redirect(303, landingUrl(address, finished));
    }),
  );
  return router;
}

/** Goes on to another page of ours, as a request that our own site causes. */
export function leadOn(response: Response, url: string): void {
  guardPage(response);
  response.setHeader('Refresh', `0; url=${url}`);
  const body = html`<main class="form"><h1>Signing you in …</h1>
<p><a href="${url}">Go on</a> if nothing happens.</p></main>`;
  sendPage(response, 'Signing you in', body, hostedStyles);
}

/** The fields of the query. Throws `malformed` for a field that comes twice: one reader might take the other one. */
function queryOf(request: Request): Record<string, string> {
  const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
  if (new Set(query.keys()).size < query.size) throw new AppError('malformed', 'A field comes twice');
  return Object.fromEntries(query);
}

function begin(app: ApiApp, request: Request, name: string, route: string) {
  Object.assign(contextOf(request), { route, action: name });
  return app.services.catalogue.action(name);
}
