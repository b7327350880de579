import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Outgoing } from '../outgoing/outgoing.js';

/** An OAuth app at GitHub. GitHub gives no ID tokens: who somebody is, its API says. */
export interface GithubRegistration {
  clientId: string;
  clientSecret: string;
  /** `https://github.com`, without a trailing slash. */
  webUrl: string;
  /** `https://api.github.com`, without a trailing slash. */
  apiUrl: string;
}

export interface GithubPerson {
  /** The number of the account: names change hands, numbers do not. */
  id: string;
  name: string | undefined;
  /** The primary address. */
  email: string | undefined;
  isEmailVerified: boolean;
}

const timeoutMs = 10_000;
const Token = z.union([z.object({ access_token: z.string().min(1) }), z.object({ error: z.string() })]);
const User = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Where to send the browser. https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
export function githubAuthorizationUrl(
  { clientId, webUrl }: GithubRegistration,
  { state, codeChallenge, redirectUri }: { state: string; codeChallenge: string; redirectUri: string },
): string {
  const url = new URL(`${webUrl}/login/oauth/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'read:user user:email',
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    allow_signup: 'false',
  }).toString();
  return url.href;
}

/**
 * Exchanges a code and asks who it is of. The token is used for that and thrown away. Throws `unauthenticated` for a
 * code that GitHub refuses, `provider_unavailable`.
 */
export async function readGithubPerson(
  { fetch }: Pick<Outgoing, 'fetch'>,
  { clientId, clientSecret, webUrl, apiUrl }: GithubRegistration,
  { code, codeVerifier, redirectUri }: { code: string; codeVerifier: string; redirectUri: string },
): Promise<GithubPerson> {
  const signal = AbortSignal.timeout(timeoutMs);
  const exchanged = await fetch(`${webUrl}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    }),
    signal,
  });
  // GitHub answers 200 for a code that it refuses, too.
  const token = await readAs(Token, exchanged);
  if ('error' in token) throw new AppError('unauthenticated', `GitHub refused the sign-in: ${token.error}`);
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token.access_token}`,
    'user-agent': 'WorkSynapse',
    'x-github-api-version': '2022-11-28',
  };
  const [user, emails] = await Promise.all([
    fetch(`${apiUrl}/user`, { headers, signal }).then((response) => readAs(User, response)),
    fetch(`${apiUrl}/user/emails`, { headers, signal }).then((response) => readAs(Emails, response)),
  ]);
  const primary = emails.find((email) => email.primary);
  return {
    id: String(user.id),
    name: user.name ?? user.login,
    email: primary?.email,
    isEmailVerified: primary?.verified ?? false,
  };
}

async function readAs<Schema extends z.ZodType>(
  schema: Schema,
  response: Response,
): Promise<z.output<Schema>> {
  if (!response.ok) {
    throw new AppError('provider_unavailable', `GitHub answered with status ${response.status}`);
  }
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new AppError('provider_unavailable', 'GitHub answered with something else than it documents');
}
