import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildSsoConnection, proveDomain, roleIdOf } from '../builders/build-sso-connection.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { Browser, type Visited } from './following-browser.js';
import { createSamlProvider, type SamlRequest } from './saml-provider.js';
import { roleOfMembers, sessionOf } from './signed-in.js';

type SamlProvider = Awaited<ReturnType<typeof createSamlProvider>>;

interface Way {
  browser: Browser;
  request: SamlRequest;
}

describe('signing in through a SAML provider', () => {
  let system: ServedSystem;
  let provider: SamlProvider;
  let stranger: SamlProvider;
  let acme: BuiltOrganization;
  let email: string;
  let startUrl: string;

  before(async () => {
    system = await serveSystem({ limits: { signInsPerMinute: 1000 } });
    [provider, stranger] = await Promise.all([createSamlProvider(), createSamlProvider()]);
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    const domain = `${randomUUID()}.example`;
    email = `ada@${domain}`;
    await proveDomain(system.app, acme.orgId, domain);
    const leads = { value: 'leads', roleId: await roleIdOf(system.app, acme.orgId, 'manager') };
    const settings = {
      kind: 'saml',
      issuer: provider.issuer,
      ssoUrl: provider.ssoUrl,
      certificates: [provider.certificate],
      domains: [domain],
      roleMapping: [leads],
    };
    ({ startUrl } = await buildSsoConnection(system.app, acme, settings));
  });

  async function begin(browser = new Browser()): Promise<Way> {
    const { url } = await browser.visit(startUrl, (next) => next.startsWith(provider.ssoUrl));
    return { browser, request: provider.readRequest(url) };
  }

  /** Posts a response as the page of the provider does, and follows where that leads. */
  async function post({ browser, request }: Way, response: string): Promise<Visited> {
    const answer = await browser.send(request.acsUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://idp.example' },
      body: new URLSearchParams({ SAMLResponse: response, RelayState: request.relayState }).toString(),
    });
    const next = /^0; url=(.*)$/.exec(answer.headers.get('refresh') ?? '')?.[1];
    return next === undefined ? { url: request.acsUrl, response: answer } : browser.visit(next);
  }

  async function assertRefused(visited: Visited, why: RegExp): Promise<void> {
    const text = await visited.response.text();
    assert.equal(visited.response.status, 401, text);
    assert.match(text, why);
    assert.deepEqual(Object.keys(await roleOfMembers(system.app, acme.orgId)), [acme.email]);
  }

  it('makes a member of somebody new, with the role that an attribute leads to, and knows them again', async () => {
    const way = await begin();
    const attributes = { email: [email], displayName: ['Ada Lovelace'], groups: ['staff', 'leads'] };
    const assertion = provider.assertion(way.request, email, { attributes });
    const first = await sessionOf(way.browser, await post(way, provider.response(assertion, way.request)));
    assert.equal(first.user.name, 'Ada Lovelace');
    assert.equal((await roleOfMembers(system.app, acme.orgId))[email], 'manager');
    const again = await begin();
    const second = provider.response(provider.assertion(again.request, email), again.request);
    assert.equal((await sessionOf(again.browser, await post(again, second))).user.id, first.user.id);
  });

  it('describes itself to the provider', async () => {
    const { request } = await begin();
    const response = await fetch(request.entityId);
    const metadata = await response.text();
    assert.match(response.headers.get('content-type') ?? '', /samlmetadata\+xml/);
    assert.match(metadata, /WantAssertionsSigned="true"/);
    assert.ok(metadata.includes(`Location="${request.acsUrl}"`) && metadata.includes(request.entityId));
  });

  const refusals: Record<string, { content(request: SamlRequest): string; why: RegExp }> = {
    'without a signature': {
      content: (request) => provider.unsigned(request, email),
      why: /signature/i,
    },
    'signed by somebody else': {
      content: (request) => stranger.assertion(request, email),
      why: /signature/i,
    },
    'changed after it was signed': {
      content: (request) => provider.assertion(request, email).replaceAll(email, acme.email),
      why: /refused/,
    },
    'for another audience': {
      content: (request) => provider.assertion(request, email, { audience: 'https://other.example' }),
      why: /audience/i,
    },
    'for another recipient': {
      content: (request) => provider.assertion(request, email, { recipient: 'https://other.example/acs' }),
      why: /not confirmed for this address/,
    },
    'of another issuer': {
      content: (request) => provider.assertion(request, email, { issuer: 'https://other.example' }),
      why: /issuer/,
    },
    'in answer to another request': {
      content: (request) => provider.assertion(request, email, { inResponseTo: '_other' }),
      why: /InResponseTo/,
    },
    'that has expired': {
      content: (request) =>
        provider.assertion(request, email, { notOnOrAfter: new Date(Date.now() - 60_000) }),
      why: /refused/,
    },
    'that is not good yet': {
      content: (request) => provider.assertion(request, email, { notBefore: new Date(Date.now() + 120_000) }),
      why: /refused/,
    },
    'beside another one': {
      content: (request) => provider.assertion(request, email) + provider.unsigned(request, acme.email),
      why: /refused/,
    },
    'wrapped into a forged one': {
      content(request) {
        const signed = provider.assertion(request, email);
        const forged = provider.unsigned(request, acme.email, { id: '_forged' });
        const signature = /<(\w+:)?Signature .*<\/(\w+:)?Signature>/s.exec(signed)?.[0] ?? '';
        const inner = signed.replace(signature, '');
        const wrapper = signature.replace(
          /<\/(\w+:)?Signature>$/,
          (end) => `<Object>${inner}</Object>${end}`,
        );
        return forged.replace('</saml:Issuer>', `</saml:Issuer>${wrapper}`);
      },
      why: /refused/,
    },
    'hidden in the extensions of a response around a forged one': {
      content: (request) =>
        `<samlp:Extensions>${provider.assertion(request, email)}</samlp:Extensions>${provider.unsigned(request, acme.email)}`,
      why: /refused/,
    },
    'with a document type': {
      content: (request) => `<!DOCTYPE x [<!ENTITY a "b">]>${provider.assertion(request, email)}`,
      why: /refused/,
    },
  };
  for (const [name, { content, why }] of Object.entries(refusals)) {
    it(`refuses an assertion ${name}`, async () => {
      const way = await begin();
      await assertRefused(await post(way, provider.response(content(way.request), way.request)), why);
    });
  }

  it('reads the whole of a subject into which somebody has put a comment, which signatures do not cover', async () => {
    const [plain, commented] = [await begin(), await begin()];
    const honest = provider.response(provider.assertion(plain.request, email), plain.request);
    const { user } = await sessionOf(plain.browser, await post(plain, honest));
    const bent = provider
      .assertion(commented.request, email)
      .replace('subject-of-ada', 'subject-of-<!-- -->ada');
    const visited = await post(commented, provider.response(bent, commented.request));
    assert.equal((await sessionOf(commented.browser, visited)).user.id, user.id);
  });

  it('refuses an assertion that is sent again, by the same browser or for another request', async () => {
    const way = await begin();
    const copied = { ...way, browser: way.browser.copy() };
    const response = provider.response(provider.assertion(way.request, email), way.request);
    await sessionOf(way.browser, await post(way, response));
    assert.equal((await post(copied, response)).response.status, 401);
    const other = await begin();
    assert.equal((await post(other, response)).response.status, 401);
    const id = `_${randomUUID()}`;
    const [first, second] = [await begin(), await begin()];
    const twice = ({ request }: Way) =>
      provider.response(provider.assertion(request, email, { id }), request);
    await sessionOf(first.browser, await post(first, twice(first)));
    const replayed = await post(second, twice(second));
    assert.match(await replayed.response.text(), /used before/);
  });

  it('refuses what nobody has asked for, and what another browser has', async () => {
    const way = await begin();
    const response = provider.response(provider.assertion(way.request, email), way.request);
    await assertRefused(
      await post({ ...way, browser: new Browser() }, response),
      /not begun in this browser/,
    );
    const unasked = { ...way, request: { ...way.request, relayState: '' } };
    await assertRefused(await post(unasked, response), /not begun in this browser/);
  });

  it('refuses an assertion at the address of another connection', async () => {
    const way = await begin();
    const acsUrl = way.request.acsUrl.replace(/saml\/.{8}/, 'saml/00000000');
    const response = provider.response(provider.assertion(way.request, email), way.request);
    await assertRefused(
      await post({ ...way, request: { ...way.request, acsUrl } }, response),
      /another provider/,
    );
  });

  it('refuses what is no form, is too large or is no response', async () => {
    const { browser, request } = await begin();
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    assert.equal((await browser.send(request.acsUrl, json)).status, 415);
    await assertRefused(await post(await begin(), 'nonsense'), /refused/);
    const large = await post(await begin(), 'a'.repeat(600_000));
    assert.equal(large.response.status, 413);
  });
});
