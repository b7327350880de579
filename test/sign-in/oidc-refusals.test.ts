import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildSsoConnection, proveDomain } from '../builders/build-sso-connection.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { Browser, type Visited } from './following-browser.js';
import { encode, type Forge, type ForgingProvider, startForgingProvider } from './forging-provider.js';
import { roleOfMembers, sessionOf } from './signed-in.js';

interface Ended {
  browser: Browser;
  visited: Visited;
}

describe('an answer of an OpenID provider', () => {
  let system: ServedSystem;
  let provider: ForgingProvider;
  let acme: BuiltOrganization;
  let domain: string;
  let startUrl: string;

  before(async () => {
    system = await serveSystem({ limits: { signInsPerMinute: 1000 } });
  });
  beforeEach(async () => {
    // A provider of its own for each test: descriptions and keys are kept.
    provider = await startForgingProvider();
    acme = await buildOrganization(system.app);
    domain = `${randomUUID()}.example`;
    await proveDomain(system.app, acme.orgId, domain);
    const { issuer, clientId, clientSecret } = provider;
    const settings = { issuer, clientId, clientSecret, domains: [domain] };
    ({ startUrl } = await buildSsoConnection(system.app, acme, settings));
  });

  const person = (more: JWTPayload = {}): JWTPayload => ({
    sub: 'subject',
    email: `ada@${domain}`,
    email_verified: true,
    ...more,
  });

  async function signIn(more: Record<string, string> = {}, who = person()): Promise<Ended> {
    const browser = new Browser();
    const { url } = await browser.visit(startUrl, (next) => next.startsWith(provider.issuer));
    return { browser, visited: await browser.visit(await provider.signIn(url, who, more)) };
  }

  async function assertRefused({ visited }: Ended, why: RegExp): Promise<void> {
    const text = await visited.response.text();
    assert.equal(visited.response.status, 401, text);
    assert.match(text, why);
    assert.deepEqual(Object.keys(await roleOfMembers(system.app, acme.orgId)), [acme.email]);
  }

  const signedIn = ({ browser, visited }: Ended) => sessionOf(browser, visited);

  it('lets in whom it honestly names, and proves possession of the code', async () => {
    await signedIn(await signIn());
    assert.match(provider.lastExchange().get('code_verifier') ?? '', /^[\w-]{43}$/);
  });

  const refusals: Record<string, { forge: Forge; why: RegExp; discovery?: Record<string, unknown> }> = {
    'with a nonce of another request': {
      forge: (claims) => provider.sign({ ...claims, nonce: 'another' }),
      why: /nonce/,
    },
    'without a nonce': {
      forge: ({ nonce: _, ...claims }) => provider.sign(claims),
      why: /nonce/,
    },
    'for another audience': {
      forge: (claims) => provider.sign({ ...claims, aud: 'another' }),
      why: /aud/,
    },
    'for several audiences, in favour of another': {
      forge: (claims) => provider.sign({ ...claims, aud: [String(claims.aud), 'other'], azp: 'other' }),
      why: /azp/,
    },
    'of another issuer': {
      forge: (claims) => provider.sign({ ...claims, iss: 'https://accounts.example' }),
      why: /iss/,
    },
    'that has expired': {
      forge: (claims) => provider.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }),
      why: /exp/,
    },
    'without an end': {
      forge: ({ exp: _, ...claims }) => provider.sign(claims),
      why: /exp/,
    },
    'that is not signed': {
      forge: async (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`,
      why: /alg/,
    },
    'that is not signed, though the provider says it may': {
      forge: async (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`,
      why: /refused/,
      discovery: { id_token_signing_alg_values_supported: ['none'] },
    },
    'signed with the public key as a shared secret': {
      forge: (claims) => provider.confuse(claims),
      why: /alg/,
    },
    'signed with the public key as a shared secret, though the provider names the algorithm': {
      forge: (claims) => provider.confuse(claims),
      why: /refused/,
      discovery: { id_token_signing_alg_values_supported: ['HS256', 'RS256'] },
    },
    'signed by a key that is not the provider’s': {
      forge: (claims) => provider.signByStranger(claims),
      why: /signature/,
    },
    'with a changed claim': {
      forge: async (claims) => {
        const [header, , signature] = (await provider.sign(claims)).split('.');
        return [header, encode({ ...claims, email: `owner@${domain}` }), signature].join('.');
      },
      why: /signature/,
    },
    'without a subject': {
      forge: ({ sub: _, ...claims }) => provider.sign(claims),
      why: /sub/,
    },
  };
  for (const [name, { forge, why, discovery }] of Object.entries(refusals)) {
    it(`is refused ${name}`, async () => {
      provider.answerWith(forge, discovery);
      await assertRefused(await signIn(), why);
    });
  }

  it('is refused in the name of another provider', async () => {
    await assertRefused(await signIn({ iss: 'https://accounts.example' }), /iss/);
  });

  it('is refused without its name where the provider says that it gives it', async () => {
    provider.answerWith((claims) => provider.sign(claims), {
      authorization_response_iss_parameter_supported: true,
    });
    await assertRefused(await signIn(), /iss/);
    await signedIn(await signIn({ iss: provider.issuer }));
  });

  it('does not make an owner, whatever the groups say', async () => {
    await signedIn(await signIn({}, person({ groups: ['owner', 'owners', 'admin'] })));
    assert.equal((await roleOfMembers(system.app, acme.orgId))[`ada@${domain}`], 'member');
  });
});
