import { publicUrl } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';

/**
 * What passkeys are bound to: the host of PUBLIC_URL, and its origin. Browsers want a name there (or localhost), not an
 * IP address.
 */
export function relyingParty({ configuration }: Pick<Services, 'configuration'>): {
  id: string;
  origin: string;
} {
  const { hostname, origin } = new URL(publicUrl(configuration));
  return { id: hostname, origin };
}
