import { parse as parseQuery } from 'node:querystring';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { ApiApp } from '../api-app.js';
import { readBody } from '../body/read-body.js';
import { mediaTypeOf } from '../media-type.js';
import { asPage, guardPage, hostedStyles, sendMessagePage } from '../pages/hosted-page.js';
import { sendPage } from '../pages/page.js';
import { contextOf } from '../request-context.js';
import type { SignInLimit } from '../sign-in-limit.js';
import { invitePage } from './invite-page.js';

const path = '/invites/:token';
/** Bytes of a form that was sent. */
const maxSize = 16_384;
const anonymous = { kind: 'anonymous' } as const;

const Shown = z.object({
  organization: z.object({ name: z.string() }),
  role: z.object({ name: z.string() }),
  email: z.string().nullable(),
  expiresAt: z.string(),
});
const Accepted = z.object({
  organization: z.object({ name: z.string() }),
  session: z.looseObject({}).nullable(),
});

/**
 * The page behind the link in a mailed invite: without scripts or cookies. Only sending the form accepts; opening the
 * page does not, for mail servers open links as well.
 */
export function createInviteRoutes(app: ApiApp, limitTries: SignInLimit): Router {
  const router = Router({ caseSensitive: true });
  const action = app.services.catalogue.actions.get('invites.accept');
  if (!action) return router;
  router.use('/invites', (request, _response, next) => {
    Object.assign(contextOf(request), { route: path, hasSecretPath: true });
    next();
  });
  router.get(
    path,
    asPage({}, async (request, response) => {
      await limitTries(request, action);
      await showForm(app, request, response, { name: '', errors: [] });
    }),
  );
  router.post(
    path,
    asPage({}, async (request, response) => {
      await limitTries(request, action);
      await accept(app, request, response);
    }),
  );
  return router;
}

async function accept(app: ApiApp, request: Request, response: Response): Promise<void> {
  const { name, password } = await readForm(request);
  const { requestId } = contextOf(request);
  const input = {
    token: String(request.params.token),
    ...(name !== '' && { name }),
    ...(password !== '' && { password }),
  };
  try {
    const accepted = Accepted.parse(await app.perform(anonymous, 'invites.accept', input, { requestId }));
    sendMessagePage(response, {
      status: 200,
      title: `You have joined ${accepted.organization.name}`,
      detail: accepted.session ? 'Log in with the password that you chose.' : 'Log in to your account.',
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'validation') throw error;
    const errors = error.issues.map(({ path: field, message }) => `${field} ${message}`);
    await showForm(app, request, response, { name, errors });
  }
}

async function showForm(
  app: ApiApp,
  request: Request,
  response: Response,
  typed: { name: string; errors: readonly string[] },
): Promise<void> {
  const input = { token: String(request.params.token) };
  const { requestId } = contextOf(request);
  const invite = Shown.parse(await app.perform(anonymous, 'invites.show', input, { requestId }));
  guardPage(response);
  const status = typed.errors.length > 0 ? 422 : 200;
  const title = `Join ${invite.organization.name}`;
  sendPage(response.status(status), title, invitePage(invite, typed), hostedStyles);
}

async function readForm(request: Request): Promise<{ name: string; password: string }> {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    throw new AppError('unsupported_media_type', 'An answer is sent as application/x-www-form-urlencoded');
  }
  const sent = parseQuery((await readBody(request, maxSize)).toString('utf8'), '&', '=', { maxKeys: 20 });
  const textOf = (name: string) => [sent[name] ?? ''].flat()[0] ?? '';
  return { name: textOf('name').trim(), password: textOf('password') };
}
