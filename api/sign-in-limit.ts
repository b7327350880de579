import type { Request } from 'express';
import { clientNetwork } from './client-network.js';
import { createRateLimit } from './rate-limit.js';
import type { Limits } from './server-options.js';

/** Counts one try of a public action. Throws `limit_exceeded`. */
export type SignInLimit = (request: Request, input: Record<string, unknown>) => Promise<void>;

/**
 * Limits the tries at actions that need no credential (sign up, log in): by network, and more strictly by network and
 * e-mail address. Nobody can use up the tries of a person who comes from another network.
 */
export function createSignInLimit(limits: Limits): SignInLimit {
  const message = 'Too many tries from your network; wait a little';
  const byNetwork = createRateLimit(limits.signInsPerMinute, 60, message);
  const byEmail = createRateLimit(limits.signInsPerEmailPerMinute, 60, message);
  return async (request, input) => {
    const network = clientNetwork(request.ip);
    await byNetwork.use(network);
    if (typeof input.email === 'string') {
      await byEmail.use(`${network} ${input.email.trim().toLowerCase().slice(0, 320)}`);
    }
  };
}
