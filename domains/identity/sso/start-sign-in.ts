import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { PublicContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import { parseConnectionKey } from './connection-key.js';
import { openSsoConnection, registrationOf } from './open-sso-connection.js';
import { ReturnTo } from './return-to.js';
import { beginWay, makeTicket, proofOf } from './sign-in-state.js';

const StartSignIn = z.strictObject({
  provider: z.string().max(64).describe('google, microsoft, github, or the key of a connection'),
  returnTo: ReturnTo,
});

const Started = z.object({
  redirectUrl: z.string().describe('The provider, with what it has to know'),
  state: z.string(),
  browserSecret: z.string().describe('For a cookie of the browser that goes there, and nowhere else'),
});

/** Begins a way through a provider. Throws `not_found` for an unknown one, `provider_unavailable`. */
export const startSignIn: PublicAction<PublicContext> = definePublicAction({
  name: 'sign_in.start',
  title: 'Start signing in through a provider',
  description: 'Makes the address of the provider to go to.',
  effect: 'write',
  input: StartSignIn,
  output: Started,
  async run({ services }: PublicContext, { provider, returnTo }) {
    const place = parseConnectionKey(provider);
    if (!place) throw new AppError('not_found', 'There is no such way to sign in');
    const { orgId, connectionId } = place;
    const connection = await services.database.withOrg(orgId, (transaction) =>
      openSsoConnection(services, transaction, place),
    );
    const ticket = makeTicket();
    const redirectUrl = await services.oidc.authorizationUrl(registrationOf(connection), {
      ...proofOf(ticket),
      redirectUri: redirectUri(services),
      scopes: connection.scopes,
    });
    await beginWay(services.database, ticket, { connectionOrgId: orgId, connectionId, returnTo });
    return { redirectUrl, ...ticket };
  },
});

/** Where every OpenID provider sends people back to. `state` says which one it must have been. */
export function redirectUri({ configuration }: Pick<Services, 'configuration'>): string {
  return `${publicUrl(configuration)}/v1/sign-in/callback`;
}
