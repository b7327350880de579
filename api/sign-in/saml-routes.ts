import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import { samlAddresses } from '#runtime/sign-in/saml-addresses.js';
import { samlMetadata } from '#runtime/sign-in/saml-client.js';
import type { ApiApp } from '../api-app.js';
import { readBody } from '../body/read-body.js';
import { mediaTypeOf } from '../media-type.js';
import { asPage } from '../pages/hosted-page.js';
import { contextOf } from '../request-context.js';
import type { SignInLimit } from '../sign-in-limit.js';
import { clearBrowserSecret, readBrowserSecret, setBrowserSecret } from './browser-secret.js';
import { leadOn } from './sign-in-routes.js';

const Received = z.object({
  returnTo: z.string(),
  next: z.object({ state: z.string(), browserSecret: z.string() }).nullable(),
});

const maxResponseSize = 512 * 1024;
const keyPattern = /^[0-9a-f]{64}$/;
const problems = { not_found: 'There is no such way to sign in.' };

/**
 * What a SAML identity provider meets: our metadata, and the address that assertions are posted to. The post is the
 * provider's, so it opens no session: a page of ours leads on to /v1/sign-in/finish.
 */
export function createSamlRoutes(app: ApiApp, limitSignIn: SignInLimit): Router {
  const { configuration, catalogue } = app.services;
  const address = publicUrl(configuration);
  const isHttps = address.startsWith('https:');
  const posted = { isHttps, isPostedBack: true };
  const router = Router({ caseSensitive: true });
  router.get('/:connection/metadata', (request, response) => {
    contextOf(request).route = '/saml/:connection/metadata';
    const { connection } = request.params;
    if (!keyPattern.test(connection)) throw new AppError('not_found', 'There is no such connection');
    const metadata = samlMetadata(samlAddresses(configuration, connection));
    response.type('application/samlmetadata+xml').send(metadata);
  });
  router.post(
    '/:connection/acs',
    asPage(problems, async (request, response) => {
      const action = catalogue.action('sign_in.receive_saml');
      const context = contextOf(request);
      Object.assign(context, { route: '/saml/:connection/acs', action: action.name });
      await limitSignIn(request, action);
      if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
        throw new AppError('unsupported_media_type', 'Send the response as a form');
      }
      const form = new URLSearchParams((await readBody(request, maxResponseSize)).toString('utf8'));
      const state = form.get('RelayState') ?? '';
      const browserSecret = readBrowserSecret(request, state, posted);
      clearBrowserSecret(response, state, posted);
      const input = {
        connection: request.params.connection,
        response: form.get('SAMLResponse') ?? '',
        state,
        ...(browserSecret !== undefined && { browserSecret }),
      };
      const { requestId } = context;
      const { next, returnTo } = Received.parse(
        await app.perform({ kind: 'anonymous' }, action.name, input, { requestId }),
      );
      if (!next) return leadOn(response, `${address}${returnTo}`);
      setBrowserSecret(response, next, { isHttps });
      leadOn(response, `${address}/v1/sign-in/finish?${new URLSearchParams({ state: next.state })}`);
    }),
  );
  return router;
}
