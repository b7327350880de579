import { startAuthentication } from '@simplewebauthn/browser';
import { ApiError } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';

/** Asks the browser for a passkey. Throws an ApiError, also where the person breaks it off. */
export async function provePasskey() {
  const { challenge, options } = await result(api.POST('/v1/passkeys/challenge'));
  try {
    // The API gives what the browser's function takes, as WebAuthn has it; its document leaves the parts open.
    const optionsJSON = options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'];
    const { id, rawId, type, response } = await startAuthentication({ optionsJSON });
    return { challenge, response: { id, rawId, type, response, clientExtensionResults: {} } };
  } catch (error) {
    throw new ApiError('unauthenticated', 'No passkey was used', [], undefined, { cause: error });
  }
}
