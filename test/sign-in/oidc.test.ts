import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { problemCode } from '#api/testing/read-json.js';
import { auditLog, members } from '#db/schema/index.js';
import type { Stack } from '#stack/stack.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildSsoConnection, proveDomain, roleIdOf } from '../builders/build-sso-connection.js';
import { listEventsOf } from '../builders/list-events.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { openOwner } from '../owner.js';
import { testSystem } from '../system.js';
import { Browser } from './following-browser.js';
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.js';
import { roleOfMembers, sessionOf, signInAt } from './signed-in.js';

describe('signing in through an OpenID provider', () => {
  let system: ServedSystem;
  let stack: Stack;
  let provider: OpenIdProvider;
  let acme: BuiltOrganization;
  let domain: string;

  before(async () => {
    system = await serveSystem({ limits: { signInsPerMinute: 1000 } });
    ({ stack } = await testSystem());
    provider = await startOpenIdProvider(`${system.address}/v1/sign-in/callback`);
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    domain = `${randomUUID()}.example`;
    await proveDomain(system.app, acme.orgId, domain);
  });

  async function connect(settings: object = {}) {
    const { issuer, clientId, clientSecret } = provider;
    return buildSsoConnection(system.app, acme, {
      issuer,
      clientId,
      clientSecret,
      domains: [domain],
      ...settings,
    });
  }

  async function mapping(entries: Record<string, string>) {
    const pairs = Object.entries(entries).map(async ([value, key]) => ({
      value,
      roleId: await roleIdOf(system.app, acme.orgId, key),
    }));
    return { roleMapping: await Promise.all(pairs) };
  }

  const ada = () => ({ email: `ada@${domain}`, email_verified: true, name: 'Ada Lovelace' });
  const isCallback = (url: string) => url.startsWith(`${system.address}/v1/sign-in/callback`);

  it('makes a member of somebody new, with the role that their groups lead to', async () => {
    const { startUrl } = await connect(await mapping({ leads: 'manager', staff: 'guest' }));
    provider.signInAs(randomUUID(), { ...ada(), groups: ['staff', 'leads'] });
    const session = await signInAt(startUrl);
    assert.equal(session.user.name, 'Ada Lovelace');
    assert.equal(session.organization.id, acme.orgId);
    const { orgId } = await system.app.services.accessTokens.verify(session.accessToken);
    assert.equal(orgId, acme.orgId);
    const roles = await roleOfMembers(system.app, acme.orgId);
    assert.equal(roles[`ada@${domain}`], 'manager');
  });

  it('gives the default role to whom the mapping gives none', async () => {
    const { startUrl } = await connect(await mapping({ leads: 'manager' }));
    provider.signInAs(randomUUID(), { ...ada(), groups: ['others'] });
    await signInAt(startUrl);
    assert.equal((await roleOfMembers(system.app, acme.orgId))[`ada@${domain}`], 'member');
  });

  it('knows the person again, and applies the mapping anew only where that is set', async () => {
    const keeping = await connect(await mapping({ leads: 'manager' }));
    const subject = randomUUID();
    provider.signInAs(subject, { ...ada(), groups: ['leads'] });
    const first = await signInAt(keeping.startUrl);
    provider.signInAs(subject, { ...ada(), groups: [] });
    const second = await signInAt(keeping.startUrl);
    assert.equal(second.user.id, first.user.id);
    assert.equal((await roleOfMembers(system.app, acme.orgId))[`ada@${domain}`], 'manager');

    await system.app.perform(acme.caller, 'sso_connections.update', { id: keeping.id, updatesRoles: true });
    assert.deepEqual(await listSecurityEvents(system.app, acme.caller, 'member_role_changed'), []);
    await signInAt(keeping.startUrl);
    assert.equal((await roleOfMembers(system.app, acme.orgId))[`ada@${domain}`], 'member');
    const [event, ...others] = await listSecurityEvents(system.app, acme.caller, 'member_role_changed');
    assert.equal(others.length, 0);
    assert.equal(event?.userId, first.user.id);
    assert.deepEqual(event.details, {
      fromRoleId: await roleIdOf(system.app, acme.orgId, 'manager'),
      toRoleId: await roleIdOf(system.app, acme.orgId, 'member'),
      connectionId: keeping.id,
    });
  });

  it('tells of a new member, and of another role, as of all others', async () => {
    const { startUrl, id } = await connect(await mapping({ leads: 'manager' }));
    await system.app.perform(acme.caller, 'sso_connections.update', { id, updatesRoles: true });
    const subject = randomUUID();
    provider.signInAs(subject, { ...ada(), groups: ['leads'] });
    const { user } = await signInAt(startUrl);
    const [joined, ...others] = await listEventsOf(system.app, acme.orgId, 'member.joined');
    assert.deepEqual([joined?.payload.userId, joined?.payload.by, others.length], [user.id, 'sso', 0]);
    const [told] = await listSecurityEvents(system.app, acme.caller, 'membership_changed');
    assert.deepEqual([told?.userId, told?.details.change, told?.details.by], [user.id, 'joined', 'sso']);

    provider.signInAs(subject, { ...ada(), groups: [] });
    await signInAt(startUrl);
    const [updated] = await listEventsOf(system.app, acme.orgId, 'member.updated');
    assert.equal(updated?.payload.roleId, await roleIdOf(system.app, acme.orgId, 'member'));
    assert.equal((await listEventsOf(system.app, acme.orgId, 'member.joined')).length, 1);
  });

  it('audits the sign-in and the new member', async () => {
    const { startUrl, id } = await connect();
    provider.signInAs(randomUUID(), ada());
    const { user } = await signInAt(startUrl);
    const entries = await system.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .select({ action: auditLog.action, targetId: auditLog.targetId })
        .from(auditLog)
        .where(and(eq(auditLog.orgId, acme.orgId), eq(auditLog.principalId, user.id))),
    );
    assert.deepEqual(
      entries.sort((a, b) => a.action.localeCompare(b.action)),
      [
        { action: 'sign_in.create_member', targetId: id },
        { action: 'sign_in.finish', targetId: acme.orgId },
      ],
    );
  });

  it('makes one member of two browsers that come back at the same moment', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const browsers = [new Browser(), new Browser(), new Browser()];
    const callbacks: string[] = [];
    for (const browser of browsers) callbacks.push((await browser.visit(startUrl, isCallback)).url);
    const sessions = await Promise.all(
      browsers.map(async (browser, index) => sessionOf(browser, await browser.visit(callbacks[index] ?? ''))),
    );
    assert.equal(new Set(sessions.map(({ user }) => user.id)).size, 1);
  });

  it('lets two ways in one browser end in any order', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const browser = new Browser();
    const first = await browser.visit(startUrl, isCallback);
    const second = await browser.visit(startUrl, isCallback);
    await sessionOf(browser, await browser.visit(second.url));
    await sessionOf(browser, await browser.visit(first.url));
    const left = browser.cookieNames(system.address);
    assert.deepEqual(
      left.sort(),
      ['worksynapse_device', 'worksynapse_session'],
      'their own cookies are gone',
    );
  });

  it('refuses the way back in another browser, and for good then', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const own = new Browser();
    const { url } = await own.visit(startUrl, isCallback);
    const elsewhere = await new Browser().visit(url);
    assert.equal(elsewhere.response.status, 401);
    assert.match(await elsewhere.response.text(), /not begun in this browser/);
    assert.equal((await own.visit(url)).response.status, 401);
    assert.deepEqual(Object.keys(await roleOfMembers(system.app, acme.orgId)), [acme.email]);
  });

  it('refuses the cookie of another way: nobody can be led into a session that was begun for them', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const attacker = await new Browser().visit(startUrl, isCallback);
    const victim = new Browser();
    await victim.visit(startUrl, isCallback);
    assert.equal((await victim.visit(attacker.url)).response.status, 401);
  });

  it('takes a way back once, even with the cookie of its browser', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const browser = new Browser();
    const { url } = await browser.visit(startUrl, isCallback);
    const copied = browser.copy();
    await sessionOf(browser, await browser.visit(url));
    assert.equal((await copied.visit(url)).response.status, 401);
  });

  it('refuses a state that was made up, is empty or comes twice', async () => {
    for (const query of ['state=made-up&code=x', 'state=&code=x', 'code=x', 'state=a&state=b&code=x', '']) {
      const { response } = await new Browser().visit(`${system.address}/v1/sign-in/callback?${query}`);
      assert.ok([400, 401].includes(response.status), `${query}: ${response.status}`);
    }
  });

  it('shows a page when the provider sends an error', async () => {
    const { startUrl } = await connect();
    const browser = new Browser();
    const { url } = await browser.visit(startUrl, (address) => address.startsWith(provider.issuer));
    const state = new URL(url).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ state, error: 'access_denied', iss: provider.issuer });
    const { response } = await browser.visit(`${system.address}/v1/sign-in/callback?${query}`);
    assert.equal(response.status, 401);
    assert.match(response.headers.get('content-type') ?? '', /text\/html/);
  });

  it('sends the browser to nobody but the provider, with PKCE, state and nonce', async () => {
    const { startUrl } = await connect({ scopes: ['email', 'groups'] });
    const { url, response } = await new Browser().visit(startUrl, (next) => next.startsWith(provider.issuer));
    const { searchParams, origin } = new URL(url);
    assert.equal(origin, provider.issuer);
    assert.equal(searchParams.get('redirect_uri'), `${system.address}/v1/sign-in/callback`);
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    assert.equal(searchParams.get('scope'), 'openid email groups');
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.match(searchParams.get(name) ?? '', /^.{43}$/);
    assert.match(response.headers.get('set-cookie') ?? '', /; HttpOnly; SameSite=Lax/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it('goes to paths of its own site only', async () => {
    const { startUrl } = await connect();
    for (const returnTo of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'tasks',
    ]) {
      const { response } = await new Browser().visit(`${startUrl}?returnTo=${encodeURIComponent(returnTo)}`);
      assert.equal(response.status, 422, returnTo);
    }
  });

  it('keeps out whom the organization has deactivated, and makes nobody a member where that is off', async () => {
    const { startUrl, id } = await connect();
    const subject = randomUUID();
    provider.signInAs(subject, ada());
    const { user } = await signInAt(startUrl);
    await system.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.update(members).set({ status: 'deactivated' }).where(eq(members.userId, user.id)),
    );
    assert.equal((await new Browser().visit(startUrl)).response.status, 403);

    await system.app.perform(acme.caller, 'sso_connections.update', { id, createsMembers: false });
    provider.signInAs(randomUUID(), { ...ada(), email: `eve@${domain}` });
    assert.equal((await new Browser().visit(startUrl)).response.status, 403);
  });

  it('lets in nobody with an address that is not of a proven domain of the organization', async () => {
    const { startUrl } = await connect({ domains: [domain, 'unproven.example'] });
    const addresses = [`a@unproven.example`, `a@sub.${domain}`, `a@${domain}.evil.example`, 'a@gmail.com'];
    for (const email of addresses) {
      provider.signInAs(randomUUID(), { email, email_verified: true });
      assert.equal((await new Browser().visit(startUrl)).response.status, 403, email);
    }
  });

  it('never links an account that is there by an address that is not verified, nor tells of it elsewhere', async () => {
    const other = await buildOrganization(system.app);
    const { startUrl } = await connect();
    const otherDomain = other.email.slice(other.email.indexOf('@') + 1);
    provider.signInAs(randomUUID(), { email: other.email, email_verified: true });
    const foreign = await new Browser().visit(startUrl);
    assert.equal(foreign.response.status, 403, `${otherDomain} is not of the organization`);

    const email = `owner@${domain}`;
    const password = 'correct horse battery';
    await system.app.perform({ kind: 'anonymous' }, 'identity.sign_up', {
      organization: { name: 'Own' },
      name: 'Olivia',
      email,
      password,
    });
    provider.signInAs(randomUUID(), { email, email_verified: false });
    const own = await new Browser().visit(startUrl);
    assert.equal(own.response.status, 409);
    assert.match(await own.response.text(), /sign in to it first/);
    provider.signInAs(randomUUID(), { email: `new@${domain}`, email_verified: false });
    assert.equal((await new Browser().visit(startUrl)).response.status, 403);
  });

  it('links an account whose person has verified the address, if the provider and the domain prove it too', async () => {
    const { startUrl } = await connect();
    const member = await memberWith(`grace@${domain}`);
    provider.signInAs(randomUUID(), { email: `grace@${domain}`, email_verified: true });
    assert.equal((await new Browser().visit(startUrl)).response.status, 409, 'nobody has verified it here');
    await verifyEmail(member.userId);
    const { user } = await signInAt(startUrl);
    assert.equal(user.id, member.userId);
  });

  it('asks for the provider instead of a password where that is enforced, of all but owners', async () => {
    await connect({ isEnforced: true });
    const member = await memberWith(`grace@${domain}`);
    const elsewhere = await buildMember(system.app, acme, 'member');
    const logIn = ({ email, password }: { email: string; password: string }) =>
      system.app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password });
    const refused = await assertRefused(logIn(member), 'forbidden');
    assert.match(refused.message, /through Company/);
    await logIn(elsewhere);
    await makeOwner(member.userId);
    await logIn(member);
  });

  it('counts what a provider says in its own organization only', async () => {
    const { startUrl } = await connect();
    const other = await buildOrganization(system.app);
    provider.signInAs(randomUUID(), ada());
    const browser = new Browser();
    const { user } = await signInAt(startUrl, browser);
    await join(other.orgId, user.id);
    const switched = await browser.send(`${system.address}/v1/session/switch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: system.address },
      body: JSON.stringify({ organizationId: other.orgId }),
    });
    assert.equal(await problemCode(switched), '403 step_up_required');
  });

  it('does not give who runs the provider what a person holds everywhere, such as their password', async () => {
    const { startUrl } = await connect();
    provider.signInAs(randomUUID(), ada());
    const { accessToken } = await signInAt(startUrl);
    const response = await fetch(`${system.address}/v1/me/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ password: 'a password of the provider' }),
    });
    assert.equal(await problemCode(response), '403 step_up_required');
  });

  it('refuses another secret than that of the browser, even under the right name', async () => {
    const { startUrl } = await connect();
    const key = new URL(startUrl).pathname.split('/')[3];
    const started = z
      .object({ state: z.string() })
      .parse(await system.app.perform({ kind: 'anonymous' }, 'sign_in.start', { provider: key }));
    const answer = { state: started.state, code: 'x' };
    const finish = { answer, browserSecret: 'a'.repeat(43) };
    const refused = await assertRefused(
      system.app.perform({ kind: 'anonymous' }, 'sign_in.finish', finish),
      'unauthenticated',
    );
    assert.match(refused.message, /not begun in this browser/);
  });

  it('ends at once where the connection is switched off or deleted meanwhile', async () => {
    const { startUrl, id } = await connect();
    provider.signInAs(randomUUID(), ada());
    const browser = new Browser();
    const { url } = await browser.visit(startUrl, isCallback);
    await system.app.perform(acme.caller, 'sso_connections.update', { id, isActive: false });
    assert.equal((await browser.visit(url)).response.status, 404);
    assert.equal((await new Browser().visit(startUrl)).response.status, 404);
  });

  it('asks for the description of the provider once, not at each sign-in', async () => {
    const { startUrl } = await connect();
    await signIn(startUrl);
    const before = provider.discoveries;
    await signIn(startUrl);
    assert.equal(provider.discoveries, before);
  });

  it('refuses an issuer that names itself otherwise', async () => {
    const { startUrl } = await connect({ issuer: `${provider.issuer}/other` });
    assert.ok((await new Browser().visit(startUrl)).response.status >= 400);
    const alias = provider.issuer.replace('127.0.0.1', 'localhost');
    const bent = await connect({ issuer: alias });
    assert.equal((await new Browser().visit(bent.startUrl)).response.status, 422);
    await assertRefused(
      system.app.perform(acme.caller, 'sso_connections.check', { id: bent.id }),
      'validation',
      'issuer',
    );
  });

  async function memberWith(email: string) {
    const member = await buildMember(system.app, acme, 'member');
    await openOwner(stack)`UPDATE users SET email = ${email} WHERE id = ${member.userId}`;
    return { ...member, email };
  }

  async function verifyEmail(userId: string) {
    await openOwner(stack)`UPDATE users SET email_verified_at = now() WHERE id = ${userId}`;
  }

  async function makeOwner(userId: string) {
    const roleId = await roleIdOf(system.app, acme.orgId, 'owner');
    await system.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.update(members).set({ roleId }).where(eq(members.userId, userId)),
    );
  }

  async function join(orgId: string, userId: string) {
    const roleId = await roleIdOf(system.app, orgId, 'member');
    await system.app.services.database.withOrg(orgId, (transaction) =>
      transaction.insert(members).values({ orgId, userId, roleId }),
    );
  }

  async function signIn(startUrl: string) {
    provider.signInAs(randomUUID(), { ...ada(), email: `${randomUUID()}@${domain}` });
    return signInAt(startUrl);
  }
});
