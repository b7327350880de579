import { type Configuration, publicUrl } from '../configuration.js';

/** Our addresses for a connection by SAML, which an identity provider has to be told. */
export function samlAddresses(
  configuration: Configuration,
  key: string,
): { entityId: string; acsUrl: string } {
  const base = `${publicUrl(configuration)}/saml/${key}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs` };
}
