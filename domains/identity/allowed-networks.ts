import { z } from 'zod';
import { canonicalNetwork, maxNetworkText } from '#runtime/networks.js';

const Network = z
  .string()
  .max(maxNetworkText)
  .transform((text, context) => {
    const network = canonicalNetwork(text);
    if (network !== undefined) return network;
    context.addIssue({ code: 'custom', message: 'must be an address, or a range such as 192.0.2.0/24' });
    return z.NEVER;
  });

/** The networks from which a key is good, in their canonical form. */
export const AllowedNetworks = z
  .array(Network)
  .max(50)
  .describe('Addresses and ranges (CIDR) from which the key is good; empty: from everywhere');
