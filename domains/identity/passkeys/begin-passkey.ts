import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { isoBase64URL } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import type { PublicContext } from '#runtime/domain.js';
import { relyingParty } from './relying-party.js';

/**
 * Asks for any passkey, without saying whose: to log in, as second factor, or to confirm who it is. It names no
 * credentials, so it tells nobody who has some.
 */
export const beginPasskey: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.begin_passkey',
  title: 'Ask for a passkey',
  description: 'Gives what navigator.credentials.get needs, and a challenge to send back with its answer.',
  effect: 'write',
  http: { method: 'post', path: '/passkeys/challenge' },
  input: z.strictObject({}),
  output: z.object({
    challenge: z.string().describe('Good for five minutes and once'),
    options: z.looseObject({}).describe('publicKey of navigator.credentials.get, as JSON'),
  }),
  async run({ services }: PublicContext) {
    const { token, webauthn } = await services.passkeyChallenges.issue('sign_in');
    const options = await generateAuthenticationOptions({
      rpID: relyingParty(services).id,
      challenge: isoBase64URL.toBuffer(webauthn),
      userVerification: 'required',
      timeout: services.passkeyChallenges.lifetimeSeconds * 1000,
    });
    return { challenge: token, options: { ...options } };
  },
});
