import { type Configuration, publicUrl } from '#runtime/configuration.js';

/** Where every OpenID provider sends people back to. `state` says which one it must have been. */
export function redirectUri(configuration: Configuration): string {
  return `${publicUrl(configuration)}/v1/sign-in/callback`;
}
