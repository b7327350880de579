import { type Request, Router } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { ApiApp } from '../api-app.js';
import { asPage, guardPage } from '../pages/hosted-page.js';
import { contextOf } from '../request-context.js';
import type { SignInLimit } from '../sign-in-limit.js';
import { clearBrowserSecret, readBrowserSecret, setBrowserSecret } from './browser-secret.js';

const Started = z.object({ redirectUrl: z.string(), state: z.string(), browserSecret: z.string() });
const Finished = z.object({ session: z.object({ accessToken: z.string() }).loose(), returnTo: z.string() });

const problems = { not_found: 'There is no such way to sign in.' };

/** The way of a browser to an identity provider and back: `/:provider/start` and `/callback`, below /v1/sign-in. */
export function createSignInRoutes(app: ApiApp, limitSignIn: SignInLimit): Router {
  const isHttps = publicUrl(app.services.configuration).startsWith('https:');
  const router = Router({ caseSensitive: true });
  router.get(
    '/:provider/start',
    asPage(problems, async (request, response) => {
      const { requestId } = describe(request, '/v1/sign-in/:provider/start', 'sign_in.start');
      await limitSignIn(request, {});
      const { provider } = request.params;
      const input = { provider, ...queryOf(request) };
      const started = Started.parse(
        await app.perform({ kind: 'anonymous' }, 'sign_in.start', input, { requestId }),
      );
      guardPage(response);
      setBrowserSecret(response, started, { isHttps });
      response.redirect(303, started.redirectUrl);
    }),
  );
  router.get(
    '/callback',
    asPage(problems, async (request, response) => {
      const { requestId } = describe(request, '/v1/sign-in/callback', 'sign_in.finish');
      await limitSignIn(request, {});
      const answer = queryOf(request);
      const state = answer.state ?? '';
      const browserSecret = readBrowserSecret(request, state, { isHttps });
      clearBrowserSecret(response, state, { isHttps });
      const input = { answer, ...(browserSecret !== undefined && { browserSecret }) };
      const finished = Finished.parse(
        await app.perform({ kind: 'anonymous' }, 'sign_in.finish', input, { requestId }),
      );
      guardPage(response);
      response.json(finished.session);
    }),
  );
  return router;
}

/** The fields of the query. Throws `malformed` for a field that comes twice: one reader might take the other one. */
function queryOf(request: Request): Record<string, string> {
  const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
  if (new Set(query.keys()).size < query.size) throw new AppError('malformed', 'A field comes twice');
  return Object.fromEntries(query);
}

function describe(request: Request, route: string, action: string) {
  return Object.assign(contextOf(request), { route, action });
}
