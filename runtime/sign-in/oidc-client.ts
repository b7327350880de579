import * as openid from 'openid-client';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Outgoing } from '../outgoing/outgoing.js';
import { createClientCache } from './client-cache.js';
import { toSignInError } from './sign-in-error.js';

/** An application that is registered at an OpenID provider. */
export interface OidcRegistration {
  /** Must equal the issuer that the provider names itself, but for a slash after the host. */
  issuer: string;
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string;
}

/** What binds a provider's answer to the request and to the browser that it was made for. */
export interface OidcProof {
  state: string;
  nonce: string;
  /** PKCE, RFC 7636. */
  codeVerifier: string;
}

/** Claims of a person. What the ID token says wins over the user info endpoint. */
export const Claims = z.looseObject({ sub: z.string().min(1).max(255), iss: z.string() });
export type Claims = z.output<typeof Claims>;

/** Signing in at OpenID providers: code flow with PKCE, `state` and `nonce`. Every request is guarded. */
export interface OidcClient {
  /** Where to send the browser. Throws `provider_unavailable` and `validation` when discovery fails. */
  authorizationUrl(
    registration: OidcRegistration,
    request: OidcProof & { redirectUri: string; scopes: readonly string[] },
  ): Promise<string>;
  /**
   * Exchanges the code in the address that the browser came back to, and verifies the ID token: signature by an
   * asymmetric key of the issuer, issuer, audience, times, nonce. Claims of `wanted` that it lacks are asked of the user
   * info endpoint. Throws `unauthenticated` for an answer that is refused, `provider_unavailable`.
   */
  claims(
    registration: OidcRegistration,
    answer: OidcProof & { callback: URL; wanted: readonly string[] },
  ): Promise<Claims>;
  /** Reads the provider's discovery document anew. Throws as `authorizationUrl` does. */
  check(registration: OidcRegistration): Promise<{ issuer: string; authorizationEndpoint: string }>;
}

const timeoutSeconds = 10;

/** Opens the client. Discovery documents and signing keys are kept for ten minutes, of 500 registrations at most. */
export function createOidcClient(outgoing: Pick<Outgoing, 'fetch'>): OidcClient {
  const cache = createClientCache<openid.Configuration>({ maxEntries: 500, lifetimeMs: 600_000 });
  const configured = (registration: OidcRegistration) =>
    cache.get(JSON.stringify([registration.issuer, registration.clientId, registration.clientSecret]), () =>
      discover(outgoing, registration),
    );

  return {
    async authorizationUrl(registration, { state, nonce, codeVerifier, redirectUri, scopes }) {
      const configuration = await configured(registration);
      return openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...scopes])].join(' '),
        response_type: 'code',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href;
    },
    async claims(registration, { callback, state, nonce, codeVerifier, wanted }) {
      const configuration = await configured(registration);
      try {
        const tokens = await openid.authorizationCodeGrant(configuration, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = Claims.parse(tokens.claims());
        const isComplete = wanted.every((name) => claims[name] !== undefined);
        if (isComplete || !configuration.serverMetadata().userinfo_endpoint) return claims;
        const more = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
        return { ...more, ...claims };
      } catch (error) {
        throw toSignInError(error);
      }
    },
    async check(registration) {
      const configuration = await discover(outgoing, registration);
      const { issuer, authorization_endpoint: authorizationEndpoint = '' } = configuration.serverMetadata();
      return { issuer, authorizationEndpoint };
    },
  };
}

async function discover(
  outgoing: Pick<Outgoing, 'fetch'>,
  { issuer, clientId, clientSecret }: OidcRegistration,
): Promise<openid.Configuration> {
  const server = new URL(issuer);
  try {
    const configuration = await openid.discovery(server, clientId, clientSecret, clientAuthOf(clientSecret), {
      [openid.customFetch]: (url, { body, ...init }) =>
        fetchTwice(outgoing, url, { ...init, ...(body != null && { body }) }),
      timeout: timeoutSeconds,
      execute: [
        openid.enableNonRepudiationChecks,
        ...(isLoopback(server) ? [openid.allowInsecureRequests] : []),
      ],
    });
    if (!configuration.serverMetadata().authorization_endpoint || !configuration.serverMetadata().jwks_uri) {
      throw new AppError('validation', 'The provider names no authorization endpoint or no keys');
    }
    return configuration;
  } catch (error) {
    const known = toSignInError(error);
    if (known.code !== 'unauthenticated') throw known;
    const message = 'is not an OpenID provider that names itself so';
    const issues = [{ path: 'issuer', message }];
    throw new AppError('validation', `issuer: ${message}`, { issues, cause: error });
  }
}

/** What only reads is asked once more when the network fails; a code can be used once, so its exchange is not. */
async function fetchTwice(
  { fetch }: Pick<Outgoing, 'fetch'>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const mayRepeat = init.method === undefined || init.method === 'GET';
    if (!mayRepeat || !(error instanceof AppError) || error.code !== 'provider_unavailable') throw error;
    return fetch(url, init);
  }
}

function clientAuthOf(clientSecret: string | undefined): openid.ClientAuth {
  return clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(clientSecret);
}

/** Whether loopback may be reached at all is for the guard to say. */
function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
