import { parse as parseQuery } from 'node:querystring';
import { type Request, type Response, Router } from 'express';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { ApiApp } from '../api-app.js';
import { readBody } from '../body/read-body.js';
import { originOf } from '../client-network.js';
import { createCookieDoor } from '../cookie-door.js';
import { mediaTypeOf } from '../media-type.js';
import { asPage, guardPage, hostedStyles, sendMessagePage } from '../pages/hosted-page.js';
import { sendPage } from '../pages/page.js';
import { contextOf } from '../request-context.js';
import type { SignInLimit } from '../sign-in-limit.js';
import { resetPage, verifyPage } from './account-pages.js';

const verifyPath = '/account/verify-email/:token';
const resetPath = '/account/reset-password/:token';
const maxSize = 16 * 1024;
const invalidLink = 'This link is not valid, has expired, or was used before. Ask for a new one.';

/**
 * The pages behind links that were mailed to a person, without scripts. Opening one does nothing, sending its form
 * does: it ends in the same actions as the API's routes.
 */
export function createAccountRoutes(app: ApiApp, limitSignIn: SignInLimit): Router {
  const door = createCookieDoor(publicUrl(app.services.configuration));
  const router = Router({ caseSensitive: true });
  const perform = async (request: Request, response: Response, name: string, input: object) => {
    const action = app.services.catalogue.action(name);
    await door.pass(request, response, action, async (cookies) => {
      await limitSignIn(request, action);
      const { requestId } = contextOf(request);
      return app.perform({ kind: 'anonymous' }, name, input, {
        requestId,
        origin: originOf(request),
        cookies,
      });
    });
  };

  for (const path of [verifyPath, resetPath]) {
    router.use(path, (request, _response, next) => {
      Object.assign(contextOf(request), { route: path, hasSecretPath: true });
      next();
    });
  }
  router.get(verifyPath, (_request, response) =>
    show(response, 200, 'Confirm your email address', verifyPage()),
  );
  router.get(resetPath, (_request, response) => show(response, 200, 'Set a new password', resetPage()));
  router.post(
    verifyPath,
    asPage({ validation: invalidLink }, async (request, response) => {
      await readForm(request);
      await perform(request, response, 'identity.verify_email', { token: request.params.token });
      const detail = 'Thank you: the address of your account is confirmed. You can close this page.';
      sendMessagePage(response, { status: 200, title: 'Confirmed', detail });
    }),
  );
  router.post(
    resetPath,
    asPage({ validation: invalidLink }, async (request, response) => {
      const { password } = await readForm(request);
      try {
        await perform(request, response, 'identity.reset_password', {
          token: request.params.token,
          password,
        });
      } catch (error) {
        const wrong = passwordIssue(error);
        if (wrong === undefined) throw error;
        return show(response, 422, 'Error: Set a new password', resetPage(wrong));
      }
      const detail = 'Your password was set, and all sessions have ended. Log in with the new password.';
      sendMessagePage(response, { status: 200, title: 'Done', detail });
    }),
  );
  return router;
}

function show(response: Response, status: number, title: string, body: ReturnType<typeof verifyPage>): void {
  guardPage(response);
  // To ourselves the form says where it comes from; to others nothing is said.
  response.setHeader('Referrer-Policy', 'same-origin');
  sendPage(response.status(status), title, body, hostedStyles);
}

async function readForm(request: Request): Promise<ReturnType<typeof parseQuery>> {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    throw new AppError('unsupported_media_type', 'The form is sent as application/x-www-form-urlencoded');
  }
  return parseQuery((await readBody(request, maxSize)).toString('utf8'), '&', '=', { maxKeys: 10 });
}

function passwordIssue(error: unknown): string | undefined {
  if (!(error instanceof AppError) || error.code !== 'validation') return undefined;
  return error.issues.find(({ path }) => path === 'password')?.message;
}
