import { AppError } from '#core/errors.js';
import type { Configuration } from '#runtime/configuration.js';
import { samlAddresses } from '#runtime/sign-in/saml-addresses.js';
import type { SamlRegistration } from '#runtime/sign-in/saml-client.js';
import { connectionKey } from './connection-key.js';
import type { OpenSsoConnection } from './open-sso-connection.js';

/** Both sides of a connection by SAML. Throws `not_found` for a connection of another kind. */
export function samlRegistrationOf(
  { orgId, id, kind, issuer, ssoUrl, certificates }: OpenSsoConnection,
  configuration: Configuration,
): SamlRegistration {
  if (kind !== 'saml' || ssoUrl === null) throw new AppError('not_found', 'This is no connection by SAML');
  return { ...samlAddresses(configuration, connectionKey(orgId, id)), issuer, ssoUrl, certificates };
}
