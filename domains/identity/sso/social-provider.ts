import { createHash } from 'node:crypto';
import { AppError } from '#core/errors.js';
import type { Configuration } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';
import {
  type GithubRegistration,
  githubAuthorizationUrl,
  readGithubPerson,
} from '#runtime/sign-in/github-client.js';
import type { OidcProof, OidcRegistration } from '#runtime/sign-in/oidc-client.js';
import { emailFrom, nameFrom, type ProvenPerson, personOfClaims } from './proven-person.js';
import { redirectUri } from './redirect-uri.js';

export const socialProviders = ['google', 'microsoft', 'github'] as const;
export type SocialProvider = (typeof socialProviders)[number];

export function isSocialProvider(name: string): name is SocialProvider {
  return socialProviders.some((provider) => provider === name);
}

/** Those for which the operator has registered an application. */
export function offeredProviders(configuration: Configuration): SocialProvider[] {
  return socialProviders.filter((provider) => clientOf(configuration, provider).clientId !== undefined);
}

/** Where to send the browser. Throws `not_found` for a provider that is not offered. */
export async function socialAuthorizationUrl(
  services: Services,
  provider: SocialProvider,
  proof: OidcProof,
): Promise<string> {
  const redirect = redirectUri(services.configuration);
  if (provider === 'github') {
    const codeChallenge = createHash('sha256').update(proof.codeVerifier).digest('base64url');
    return githubAuthorizationUrl(githubOf(services.configuration), {
      state: proof.state,
      codeChallenge,
      redirectUri: redirect,
    });
  }
  const request = { ...proof, redirectUri: redirect, scopes: ['email', 'profile'] };
  return services.oidc.authorizationUrl(registrationOf(services.configuration, provider), request);
}

/** Whom the provider says that somebody is. Throws `unauthenticated`, `provider_unavailable`. */
export async function readSocialPerson(
  services: Services,
  provider: SocialProvider,
  { callback, ...proof }: OidcProof & { callback: URL },
): Promise<ProvenPerson> {
  if (provider === 'github') return githubPerson(services, { callback, ...proof });
  const registration = registrationOf(services.configuration, provider);
  const claims = await services.oidc.claims(registration, { ...proof, callback, wanted: ['email'] });
  const person = personOfClaims(claims, { isMicrosoft: provider === 'microsoft' });
  // Microsoft has an issuer for each tenant, and a subject is unique within its issuer.
  return provider === 'microsoft' ? { ...person, subject: `${claims.iss} ${claims.sub}` } : person;
}

async function githubPerson(
  { configuration, outgoing }: Services,
  { callback, codeVerifier }: OidcProof & { callback: URL },
): Promise<ProvenPerson> {
  const code = callback.searchParams.get('code');
  if (code === null) throw new AppError('unauthenticated', 'GitHub did not let you in');
  const exchange = { code, codeVerifier, redirectUri: redirectUri(configuration) };
  const person = await readGithubPerson(outgoing, githubOf(configuration), exchange);
  return {
    subject: person.id,
    email: emailFrom(person.email),
    isEmailVerified: person.isEmailVerified,
    name: nameFrom(person.name),
    roleValues: [],
  };
}

function registrationOf(
  configuration: Configuration,
  provider: Exclude<SocialProvider, 'github'>,
): OidcRegistration {
  const { clientId, clientSecret } = clientOf(configuration, provider);
  if (clientId === undefined) throw notOffered();
  const issuer = provider === 'google' ? configuration.GOOGLE_ISSUER : configuration.MICROSOFT_ISSUER;
  return { issuer, clientId, ...(clientSecret !== undefined && { clientSecret }) };
}

function githubOf(configuration: Configuration): GithubRegistration {
  const { clientId, clientSecret } = clientOf(configuration, 'github');
  if (clientId === undefined || clientSecret === undefined) throw notOffered();
  const [webUrl, apiUrl] = [configuration.GITHUB_URL, configuration.GITHUB_API_URL];
  return { clientId, clientSecret, webUrl: webUrl.replace(/\/$/, ''), apiUrl: apiUrl.replace(/\/$/, '') };
}

function clientOf(configuration: Configuration, provider: SocialProvider) {
  const clients = {
    google: [configuration.GOOGLE_CLIENT_ID, configuration.GOOGLE_CLIENT_SECRET],
    microsoft: [configuration.MICROSOFT_CLIENT_ID, configuration.MICROSOFT_CLIENT_SECRET],
    github: [configuration.GITHUB_CLIENT_ID, configuration.GITHUB_CLIENT_SECRET],
  };
  const [clientId, clientSecret] = clients[provider];
  return { clientId, clientSecret };
}

function notOffered(): AppError {
  return new AppError('not_found', 'There is no such way to sign in');
}
