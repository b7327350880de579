import type { Request } from 'express';
import type { ActionDescription } from '#core/action.js';
import { clientNetwork } from './client-network.js';
import { createRateLimit } from './rate-limit.js';
import type { Limits } from './server-options.js';

/** Counts one try of a public action. Throws `limit_exceeded`. */
export type SignInLimit = (request: Request, action: ActionDescription) => Promise<void>;

/**
 * Bounds how many requests without a credential one network may send, whatever they are: each may cost a slow hash or a
 * mail. Those that come with a session cookie have more room, for many people share an address. Failures are counted
 * elsewhere, by account, in the database.
 */
export function createSignInLimit(limits: Limits): SignInLimit {
  const message = 'Too many tries from your network; wait a little';
  const signIns = createRateLimit(limits.signInsPerMinute, 60, message);
  const refreshes = createRateLimit(limits.refreshesPerMinute, 60, message);
  return async (request, action) => {
    const limit = action.cookies === 'uses' ? refreshes : signIns;
    await limit.use(clientNetwork(request.ip));
  };
}
