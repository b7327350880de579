import type { Domain } from '#runtime/domain.js';
import { acceptInviteAsNew } from './accept-invite.js';
import { createApiKey } from './create-api-key.js';
import { listApiKeys } from './list-api-keys.js';
import { logIn } from './log-in.js';
import { me } from './me.js';
import { revokeApiKey } from './revoke-api-key.js';
import { signUp } from './sign-up.js';

export { resolveApiKey } from './resolve-api-key.js';

/** Signing up and in, and API keys. */
export const identity: Domain = {
  name: 'identity',
  description: 'Signing up, and the two ways to sign in: access tokens and API keys.',
  actions: [signUp, logIn, acceptInviteAsNew, me, createApiKey, listApiKeys, revokeApiKey],
  events: [],
};
