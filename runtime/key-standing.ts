import { sql } from 'drizzle-orm';
import { apiKeys } from '#db/schema/index.js';
import { isInNetworks } from './networks.js';

/** What decides whether an API key is good, once its secret is proven. */
export const keyStandingFields = {
  isRevoked: sql<boolean>`${apiKeys.revokedAt} IS NOT NULL`,
  isExpired: sql<boolean>`coalesce(${apiKeys.expiresAt} <= now(), false)`,
  allowedNetworks: apiKeys.allowedNetworks,
};

export interface KeyStanding {
  isRevoked: boolean;
  isExpired: boolean;
  /** CIDR; none: from everywhere. */
  allowedNetworks: readonly string[];
}

interface KeyGate {
  /** Why the key is refused where the gate is not passed. */
  reason: 'revoked' | 'expired' | 'network';
  isPassed(key: KeyStanding, address: string | undefined): boolean;
}

/** What is asked of a key that is used from an address, in this order. */
export const keyGates: readonly KeyGate[] = [
  { reason: 'revoked', isPassed: ({ isRevoked }) => !isRevoked },
  { reason: 'expired', isPassed: ({ isExpired }) => !isExpired },
  {
    reason: 'network',
    isPassed: ({ allowedNetworks }, address) =>
      allowedNetworks.length === 0 || isInNetworks(address, allowedNetworks),
  },
];
