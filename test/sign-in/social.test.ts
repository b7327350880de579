import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { listen } from '#api/listen.js';
import { createServer } from '#api/server.js';
import { problemCode } from '#api/testing/read-json.js';
import { type App, createApp } from '#app.js';
import { reservePorts } from '#stack/ports.js';
import type { Stack } from '#stack/stack.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { onTestsEnd } from '../closing.js';
import { openOwner } from '../owner.js';
import { configurationFor, testSystem } from '../system.js';
import { Browser, type Visited } from './following-browser.js';
import { type ForgingProvider, startForgingProvider } from './forging-provider.js';
import { startGithubAccounts } from './github-accounts.js';
import { sessionOf } from './signed-in.js';

describe('signing in by an account elsewhere', () => {
  let app: App;
  let stack: Stack;
  let address: string;
  let google: ForgingProvider;
  let microsoft: ForgingProvider;
  let github: Awaited<ReturnType<typeof startGithubAccounts>>;
  let acme: BuiltOrganization;

  before(async () => {
    ({ stack } = await testSystem());
    google = await startForgingProvider();
    microsoft = await startForgingProvider();
    github = await startGithubAccounts('app', 'hush');
    const [port = 0] = await reservePorts([{ service: 'API', port: 0 }]);
    address = `http://127.0.0.1:${port}`;
    const settings = {
      PUBLIC_URL: address,
      GOOGLE_ISSUER: google.issuer,
      GOOGLE_CLIENT_ID: google.clientId,
      GOOGLE_CLIENT_SECRET: google.clientSecret,
      MICROSOFT_ISSUER: microsoft.issuer,
      MICROSOFT_CLIENT_ID: microsoft.clientId,
      GITHUB_CLIENT_ID: 'app',
      GITHUB_CLIENT_SECRET: 'hush',
      GITHUB_URL: github.origin,
      GITHUB_API_URL: `${github.origin}/api`,
    };
    app = await createApp(configurationFor(stack, settings), 'test');
    const server = createHttpServer(createServer(app, { limits: { signInsPerMinute: 1000 } }));
    await listen(server, '127.0.0.1', port);
    onTestsEnd(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    });
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const verifyEmail = () =>
    openOwner(stack)`UPDATE users SET email_verified_at = now() WHERE id = ${acme.userId}`;
  const startUrl = (provider: string) => `${address}/v1/sign-in/${provider}/start`;
  const leaves = (url: string) => !url.startsWith(address);

  async function throughOidc(
    provider: 'google' | 'microsoft',
    person: JWTPayload,
    browser = new Browser(),
    from = startUrl(provider),
  ): Promise<{ browser: Browser; visited: Visited }> {
    const { url } = await browser.visit(from, leaves);
    const server = provider === 'google' ? google : microsoft;
    return { browser, visited: await browser.visit(await server.signIn(url, person)) };
  }

  async function throughGithub(emails: { email: string; verified: boolean }[], id = randomInt(1_000_000)) {
    const browser = new Browser();
    const { url } = await browser.visit(startUrl('github'), leaves);
    const [first] = emails;
    const listed = emails.map((entry) => ({ ...entry, primary: entry === first, visibility: null }));
    const back = github.signIn(url, { id, login: 'ada', name: null, emails: listed });
    return { browser, visited: await browser.visit(back) };
  }

  const userOf = async ({ browser, visited }: { browser: Browser; visited: Visited }) =>
    (await sessionOf(browser, visited)).user.id;
  const statusOf = ({ visited }: { visited: Visited }) => visited.response.status;

  it('is offered for the providers that the operator has registered', async () => {
    const found = z
      .object({ providers: z.array(z.string()) })
      .parse(await app.perform({ kind: 'anonymous' }, 'sign_in.discover', { email: 'a@example.com' }));
    assert.deepEqual(found.providers, ['google', 'microsoft', 'github']);
    const { app: shared } = await testSystem();
    const none = await shared.perform({ kind: 'anonymous' }, 'sign_in.discover', { email: 'a@example.com' });
    assert.deepEqual(z.object({ providers: z.array(z.string()) }).parse(none).providers, []);
    assert.equal((await new Browser().visit(startUrl('facebook'))).response.status, 404);
  });

  it('links Google by an address that both sides have verified, and knows the account afterwards', async () => {
    const sub = randomUUID();
    const person = { sub, email: acme.email, email_verified: true };
    assert.equal(statusOf(await throughOidc('google', person)), 403, 'nobody has verified it here');
    await verifyEmail();
    assert.equal(statusOf(await throughOidc('google', { ...person, email_verified: false })), 403);
    assert.equal(await userOf(await throughOidc('google', person)), acme.userId);
    const changed = { sub, email: 'elsewhere@example.com', email_verified: false };
    assert.equal(await userOf(await throughOidc('google', changed)), acme.userId, 'by subject now');
  });

  it('says the same of an address that has no account', async () => {
    const text = async (email: string, isVerified: boolean) => {
      const person = { sub: randomUUID(), email, email_verified: isVerified };
      const { visited } = await throughOidc('google', person);
      return `${visited.response.status} ${await visited.response.text()}`;
    };
    const unknown = await text(`${randomUUID()}@example.com`, true);
    assert.equal(await text(acme.email, true), unknown);
    assert.equal(await text(acme.email, false), unknown);
  });

  it('believes no address of Microsoft unless its domain is proven to be of the tenant', async () => {
    await verifyEmail();
    const person = { sub: randomUUID(), email: acme.email };
    assert.equal(statusOf(await throughOidc('microsoft', { ...person, email_verified: true })), 403);
    assert.equal(statusOf(await throughOidc('microsoft', { ...person, xms_edov: false })), 403);
    assert.equal(await userOf(await throughOidc('microsoft', { ...person, xms_edov: true })), acme.userId);
  });

  it('takes the primary address of GitHub if it is verified, and the number of the account, not its name', async () => {
    await verifyEmail();
    const id = randomInt(1_000_000_000);
    assert.equal(statusOf(await throughGithub([{ email: acme.email, verified: false }], id)), 403);
    const others = [
      { email: 'primary@example.com', verified: true },
      { email: acme.email, verified: true },
    ];
    assert.equal(statusOf(await throughGithub(others, id)), 403, 'it is not the primary one');
    assert.equal(await userOf(await throughGithub([{ email: acme.email, verified: true }], id)), acme.userId);
    assert.equal(await userOf(await throughGithub(others, id)), acme.userId);
    assert.equal(statusOf(await throughGithub(others, id + 1)), 403, 'the same name with another number');
  });

  it('refuses a code that GitHub refuses', async () => {
    const browser = new Browser();
    const { url } = await browser.visit(startUrl('github'), leaves);
    const state = new URL(url).searchParams.get('state') ?? '';
    const back = new URLSearchParams({ state, code: 'made-up' });
    const { response } = await browser.visit(`${address}/v1/sign-in/callback?${back}`);
    assert.equal(response.status, 401);
    assert.match(await response.text(), /bad_verification_code/);
  });

  it('asks for the second factor of the account as a password does', async () => {
    await verifyEmail();
    await app.perform(acme.caller, 'organization.update_sign_in_rules', { needsSecondFactor: true });
    const person = { sub: randomUUID(), email: acme.email, email_verified: true };
    const { browser, visited } = await throughOidc('google', person);
    const { hash } = new URL(visited.url);
    assert.equal(new URLSearchParams(hash.slice(1)).get('status'), 'enroll_second_factor');
    assert.deepEqual(browser.cookieNames(address), []);
  });

  describe('that is linked by hand', () => {
    const link = (accessToken: string, provider: string, browser: Browser) =>
      browser.send(`${address}/v1/sign-in/${provider}/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ returnTo: '/settings' }),
      });
    const Started = z.object({ redirectUrl: z.url() });

    async function linkGoogle(organization: BuiltOrganization, person: JWTPayload) {
      const browser = new Browser();
      const { redirectUrl } = Started.parse(
        await (await link(organization.accessToken, 'google', browser)).json(),
      );
      return browser.visit(await google.signIn(redirectUrl, person));
    }

    it('lets its person in, whatever its address, until they unlink it', async () => {
      const person = { sub: randomUUID(), email: 'private@example.com' };
      const { url } = await linkGoogle(acme, person);
      assert.equal(url, `${address}/settings`);
      assert.equal(await userOf(await throughOidc('google', person)), acme.userId);
      const { items } = z
        .object({ items: z.array(z.object({ id: z.uuid(), email: z.string() })) })
        .parse(await app.perform(acme.caller, 'identities.list', {}));
      assert.deepEqual(
        items.map(({ email }) => email),
        ['private@example.com'],
      );
      await app.perform(acme.caller, 'identities.unlink', { id: items[0]?.id });
      assert.equal(statusOf(await throughOidc('google', person)), 403);
    });

    it('is nobody else’s', async () => {
      const person = { sub: randomUUID(), email: 'private@example.com' };
      await linkGoogle(acme, person);
      const other = await buildOrganization(app);
      assert.equal((await linkGoogle(other, person)).response.status, 409);
      assert.equal(await userOf(await throughOidc('google', person)), acme.userId);
    });

    it('is begun by nobody who is not signed in, and ended in no other browser', async () => {
      assert.equal(await problemCode(await link('nonsense', 'google', new Browser())), '401 unauthenticated');
      const attacker = new Browser();
      const started = Started.parse(await (await link(acme.accessToken, 'google', attacker)).json());
      const back = await google.signIn(started.redirectUrl, {
        sub: randomUUID(),
        email: 'victim@example.com',
      });
      assert.equal((await new Browser().visit(back)).response.status, 401);
    });
  });
});
