import { createHash, randomUUID } from 'node:crypto';
import { startVendorServer, type VendorRequest } from '#stack/vendors/vendor-server.js';
import { onTestsEnd } from '../closing.js';

interface GithubAccount {
  id: number;
  login: string;
  name: string | null;
  emails: { email: string; primary: boolean; verified: boolean; visibility: string | null }[];
}

/** A local GitHub, as far as signing in needs one: its token endpoint, `/user` and `/user/emails`, as documented. */
export async function startGithubAccounts(clientId: string, clientSecret: string) {
  const codes = new Map<string, { account: GithubAccount; challenge: string }>();
  const tokens = new Map<string, GithubAccount>();
  const vendor = await startVendorServer(0, answer);
  onTestsEnd(() => vendor.close());

  function answer({ url, body, headers }: VendorRequest) {
    if (url.pathname === '/login/oauth/access_token') return exchange(new URLSearchParams(body.toString()));
    const account = tokens.get(headers.authorization?.replace('Bearer ', '') ?? '');
    if (!account) return { status: 401, body: { message: 'Bad credentials' } };
    const { emails, ...user } = account;
    return { body: url.pathname === '/api/user/emails' ? emails : { ...user, type: 'User' } };
  }

  function exchange(form: URLSearchParams) {
    const found = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (!found || !isRight || verifier !== found.challenge) {
      return {
        body: { error: 'bad_verification_code', error_description: 'The code is incorrect or expired.' },
      };
    }
    const token = `gho_${randomUUID()}`;
    tokens.set(token, found.account);
    return { body: { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' } };
  }

  return {
    origin: vendor.origin,
    /** Lets an account sign in that was sent here, and gives the address to go back to. */
    signIn(authorizationUrl: string, account: GithubAccount): string {
      const { searchParams } = new URL(authorizationUrl);
      const code = randomUUID();
      codes.set(code, { account, challenge: searchParams.get('code_challenge') ?? '' });
      const query = new URLSearchParams({ code, state: searchParams.get('state') ?? '' });
      return `${searchParams.get('redirect_uri')}?${query}`;
    },
  };
}
