import { randomUUID } from 'node:crypto';
import { AppError } from '#core/errors.js';
import type { Database } from '#db/client.js';
import type { Services } from '#runtime/services.js';
import { samlRequestUrl } from '#runtime/sign-in/saml-client.js';
import { parseConnectionKey } from './connection-key.js';
import { openSsoConnection, registrationOf } from './open-sso-connection.js';
import { redirectUri } from './redirect-uri.js';
import { samlRegistrationOf } from './saml-registration.js';
import { proofOf, type SignInTicket, type Way } from './sign-in-state.js';
import { isSocialProvider, socialAuthorizationUrl } from './social-provider.js';

/**
 * The address of a provider, by its name or by the key of a connection, and what has to be known of the way when it
 * comes back. `inOrg` gives a transaction of the connection's organization. Throws `not_found`, `provider_unavailable`.
 */
export async function wayTo(
  services: Services,
  provider: string,
  ticket: SignInTicket,
  inOrg: Database['withOrg'],
): Promise<Omit<Way, 'returnTo'> & { redirectUrl: string }> {
  if (isSocialProvider(provider)) {
    return { provider, redirectUrl: await socialAuthorizationUrl(services, provider, proofOf(ticket)) };
  }
  const place = parseConnectionKey(provider);
  if (!place) throw new AppError('not_found', 'There is no such way to sign in');
  const { orgId, connectionId } = place;
  const connection = await inOrg(orgId, (transaction) => openSsoConnection(services, transaction, place));
  if (connection.kind === 'saml') {
    const requestId = `_${randomUUID()}`;
    const registration = samlRegistrationOf(connection, services.configuration);
    const redirectUrl = await samlRequestUrl(registration, { requestId, relayState: ticket.state });
    return { connectionOrgId: orgId, connectionId, requestId, redirectUrl };
  }
  const redirectUrl = await services.oidc.authorizationUrl(registrationOf(connection), {
    ...proofOf(ticket),
    redirectUri: redirectUri(services.configuration),
    scopes: connection.scopes,
  });
  return { connectionOrgId: orgId, connectionId, redirectUrl };
}
