import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { listen } from '#api/listen.js';
import { reservePorts } from '#stack/ports.js';
import { onTestsEnd } from '../closing.js';

/** What the provider says of somebody. */
export type PersonClaims = { email?: string; email_verified?: boolean; name?: string; groups?: string[] };

export interface OpenIdProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** From now on this is who sits before the provider. Without claims: whoever had signed in before. */
  signInAs(subject: string, claims?: PersonClaims): void;
  /** How often its discovery document was asked for. */
  readonly discoveries: number;
}

/** A real OpenID provider (oidc-provider), whose log-in page needs no clicks. */
export async function startOpenIdProvider(redirectUri: string): Promise<OpenIdProvider> {
  const [port = 0] = await reservePorts([{ service: 'OpenID provider', port: 0 }]);
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map<string, PersonClaims>();
  const [clientId, clientSecret] = [randomUUID(), randomUUID()];
  let subject = '';
  let discoveries = 0;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people.get(id) }),
    }),
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    async loadExistingGrant({ oidc }) {
      const earlier = oidc.session?.grantIdFor(clientId);
      if (earlier !== undefined) return oidc.provider.Grant.find(earlier);
      const grant = new oidc.provider.Grant({
        accountId: oidc.account?.accountId ?? '',
        clientId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  const serve = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.includes('openid-configuration')) discoveries += 1;
    if (!request.url?.startsWith('/interaction/')) return serve(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: subject } });
  });
  await listen(server, '127.0.0.1', port);
  onTestsEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    issuer,
    clientId,
    clientSecret,
    signInAs(next, claims) {
      subject = next;
      if (claims) people.set(next, claims);
    },
    get discoveries() {
      return discoveries;
    },
  };
}
