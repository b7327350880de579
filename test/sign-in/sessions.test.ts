import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { auditLog, events, members, roles, sessions } from '#db/schema/index.js';
import { makeRefreshToken } from '#domains/identity/sessions/refresh-token.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import type { ServedSystem } from '../ingress/served-system.js';
import { type Browser, openBrowser, sessionCookie } from './browser.js';
import { signInSystem } from './sign-in-system.js';

describe('a session', () => {
  let served: ServedSystem;
  let acme: BuiltOrganization;
  let browser: Browser;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
    browser = openBrowser(served.address);
    assert.equal((await browser.logIn(acme)).status, 200);
  });

  const token = (of = browser) => of.cookies.get(sessionCookie) ?? assert.fail('there is no session cookie');
  const withToken = (value: string) => openBrowser(served.address, { cookies: [[sessionCookie, value]] });
  const me = async (of = browser) => (await of.ask('GET', '/v1/me')).status;
  const change = (set: object, orgId = acme.orgId) =>
    served.app.services.database.withOrg(orgId, (transaction) =>
      transaction.update(sessions).set(set).where(eq(sessions.orgId, orgId)),
    );
  const reasons = () =>
    served.app.services.database.withOrg(acme.orgId, async (transaction) => {
      const rows = await transaction
        .select({ reason: sessions.revokeReason })
        .from(sessions)
        .where(sql`${sessions.revokedAt} IS NOT NULL`);
      return rows.map(({ reason }) => reason);
    });

  async function join(orgId: string, { userId }: { userId: string }) {
    await served.app.services.database.withOrg(orgId, async (transaction) => {
      const [role] = await transaction.select({ id: roles.id }).from(roles).where(eq(roles.key, 'member'));
      assert.ok(role);
      await transaction.insert(members).values({ orgId, userId, roleId: role.id });
    });
  }

  it('is kept by a cookie that scripts and other sites do not get, and that is in no JSON', async () => {
    const answer = await browser.logIn(acme);
    const [line = ''] = answer.headers.getSetCookie().filter((cookie) => cookie.startsWith(sessionCookie));
    assert.match(line, /; Path=\/; .*HttpOnly; SameSite=Strict/);
    assert.doesNotMatch(line, /Domain/);
    assert.match(token(), /^wsr_[\w-]{86}$/);
    assert.ok(!JSON.stringify(answer.body).includes('wsr_'));
    const refreshed = await browser.refresh();
    assert.ok(!JSON.stringify(refreshed.body).includes('wsr_'));
  });

  it('goes on with a new token each time, and the access token is that of the same session', async () => {
    const first = token();
    const answer = await browser.refresh();
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.notEqual(token(), first);
    assert.equal(await me(), 200);
    assert.equal((await browser.refresh()).status, 200);
    const listed = await browser.ask('GET', '/v1/sessions');
    assert.equal(listed.body.items.filter(({ isCurrent }) => isCurrent).length, 1);
  });

  it('ends when a token comes again that was replaced before, and this is told', async () => {
    const stolen = token();
    await browser.refresh();
    await change({ rotatedAt: sql`now() - interval '11 seconds'` });
    const thief = withToken(stolen);
    assert.equal((await thief.refresh()).status, 401);
    assert.equal(await me(), 401, 'access tokens of the session end, too');
    assert.equal((await browser.refresh()).status, 401, 'and so does the other holder of it');
    assert.deepEqual(await reasons(), ['reuse']);
    const told = await served.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .select({ type: events.type })
        .from(events)
        .where(eq(events.type, 'security.session_reused')),
    );
    assert.equal(told.length, 1);
  });

  it('ends when a much older token comes, however soon', async () => {
    const stolen = token();
    await browser.refresh();
    await browser.refresh();
    assert.equal((await withToken(stolen).refresh()).status, 401);
    assert.deepEqual(await reasons(), ['reuse']);
  });

  it('does not end by tokens that somebody made who knows its id', async () => {
    const { sessionId } = await served.app.services.accessTokens.verify(browser.accessToken ?? '');
    await browser.refresh();
    const forged = withToken(makeRefreshToken(acme.orgId, sessionId));
    assert.equal((await forged.refresh()).status, 401);
    assert.equal((await forged.post('/v1/log-out')).status, 204);
    assert.deepEqual(await reasons(), []);
    assert.equal((await browser.refresh()).status, 200);
  });

  it('goes on in two tabs that refresh at once, with one token for both', async () => {
    const common = token();
    const tabs = [withToken(common), withToken(common), withToken(common)];
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(new Set(tabs.map((tab) => token(tab))).size, 1);
    const [tab] = tabs;
    assert.ok(tab);
    assert.equal((await tab.refresh()).status, 200);
    assert.deepEqual(await reasons(), []);
  });

  it('is over for a cookie that was stolen, once its person has logged out', async () => {
    const stolen = token();
    const access = browser.accessToken;
    assert.equal((await browser.post('/v1/log-out')).status, 204);
    assert.equal(browser.cookies.get(sessionCookie), undefined);
    assert.equal((await withToken(stolen).refresh()).status, 401);
    browser.accessToken = access;
    assert.equal(await me(), 401);
    assert.deepEqual(await reasons(), ['log_out']);
  });

  it('is a new one after each log-in, whatever cookie was there before', async () => {
    const planted = await buildOrganization(served.app);
    const attacker = openBrowser(served.address);
    await attacker.logIn(planted);
    const fixed = token(attacker);
    const victim = openBrowser(served.address, { cookies: [[sessionCookie, fixed]] });
    await victim.logIn(acme);
    assert.notEqual(token(victim), fixed);
    assert.equal((await attacker.refresh()).status, 401, 'the session that was replaced has ended');
    const claims = await served.app.services.accessTokens.verify(victim.accessToken ?? '');
    assert.equal(claims.userId, acme.userId);
    for (const made of ['wsr_fixed', makeRefreshToken(acme.orgId, randomUUID())]) {
      const other = openBrowser(served.address, { cookies: [[sessionCookie, made]] });
      await other.logIn(acme);
      assert.notEqual(token(other), made);
    }
  });

  describe('acts by its cookie', () => {
    const routes = [
      ['/v1/session/refresh', {}],
      ['/v1/session/switch', { organizationId: randomUUID() }],
      ['/v1/log-out', {}],
    ] as const;
    for (const [path, body] of routes) {
      it(`only for pages of ours: ${path}`, async () => {
        const before = token();
        const none = { origin: '' };
        const foreign = [
          { origin: 'https://evil.example' },
          { origin: 'null' },
          { origin: `${served.address}.evil.example` },
          { ...none, 'sec-fetch-site': 'cross-site' },
          { ...none, 'sec-fetch-site': 'same-site' },
          { ...none, 'sec-fetch-site': 'none' },
          none,
        ];
        for (const headers of foreign) {
          const answer = await browser.post(path, body, headers);
          assert.equal(answer.status, 403, JSON.stringify(headers));
        }
        for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
          const answer = await browser.post(path, undefined, { 'content-type': type });
          assert.equal(answer.status, 415, type);
        }
        assert.equal(token(), before);
        assert.deepEqual(await reasons(), []);
        const own = await browser.post(path, body, { ...none, 'sec-fetch-site': 'same-origin' });
        assert.notEqual(own.status, 415);
        assert.ok(own.status !== 403 || path === '/v1/session/switch');
      });
    }

    it('and nobody is signed in by the page of another site', async () => {
      const { email, password } = acme;
      const stranger = openBrowser(served.address);
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: '', 'sec-fetch-site': 'cross-site' },
      ]) {
        const answer = await stranger.post('/v1/log-in', { email, password }, headers);
        assert.equal(answer.status, 403);
      }
      assert.equal(stranger.cookies.size, 0);
      assert.equal((await stranger.post('/v1/log-in', { email, password }, { origin: '' })).status, 200);
    });
  });

  it('ends when it is not used for too long, and at its end', async () => {
    await change({ idleUntil: sql`now() - interval '1 second'` });
    assert.equal(await me(), 401);
    assert.equal((await browser.refresh()).status, 401);
    await browser.logIn(acme);
    await change({ endsAt: sql`now() - interval '1 second'` });
    assert.equal(await me(), 401);
    assert.equal((await browser.refresh()).status, 401);
  });

  it('has the limits of its organization, and shorter ones at once', async () => {
    const rules = await browser.ask('GET', '/v1/organization/sign-in-rules');
    assert.deepEqual(rules.body.idleMinutes, 10_080);
    await change({
      createdAt: sql`now() - interval '2 hours'`,
      lastUsedAt: sql`now() - interval '30 minutes'`,
    });
    const other = openBrowser(served.address);
    await other.logIn(acme);
    const answer = await other.ask('PATCH', '/v1/organization/sign-in-rules', { idleMinutes: 40 });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(await me(), 200, 'ten minutes are left');
    await other.ask('PATCH', '/v1/organization/sign-in-rules', { idleMinutes: 20 });
    assert.equal(await me(), 401);
    assert.equal(await me(other), 200);
    assert.equal(
      (await other.ask('PATCH', '/v1/organization/sign-in-rules', { idleMinutes: 5 })).status,
      422,
    );
  });

  it('is seen and ended by its person', async () => {
    const phone = openBrowser(served.address, { userAgent: 'Phone' });
    await phone.logIn(acme);
    const { items } = (await browser.ask('GET', '/v1/sessions')).body;
    const [found] = items.filter(({ userAgent }) => userAgent === 'Phone');
    assert.ok(found);
    assert.deepEqual([found.isCurrent, found.ip, found.methods], [false, '127.0.0.1', ['password']]);
    assert.doesNotMatch(JSON.stringify(items), /[0-9a-f]{64}/);
    assert.equal((await browser.ask('DELETE', `/v1/sessions/${found.id}`)).status, 200);
    assert.equal(await me(phone), 401);
    assert.equal((await phone.refresh()).status, 401);
    assert.equal(await me(), 200);
    assert.equal((await browser.ask('DELETE', `/v1/sessions/${found.id}`)).status, 200, 'again is no error');
  });

  it('is left alone where all others are ended', async () => {
    const phone = openBrowser(served.address);
    await phone.logIn(acme);
    await browser.ask('POST', '/v1/sessions/revoke-all', {});
    assert.deepEqual([await me(phone), await me()], [401, 200]);
  });

  it('ends in other organizations too, where everything is asked to end', async () => {
    const other = await buildOrganization(served.app);
    await join(other.orgId, acme);
    const elsewhere = openBrowser(served.address);
    await elsewhere.logIn(acme, { organizationId: other.orgId });
    await browser.ask('POST', '/v1/sessions/revoke-all', {});
    assert.equal(await me(elsewhere), 200);
    await browser.ask('POST', '/v1/sessions/revoke-all', { everywhere: true });
    assert.deepEqual([await me(elsewhere), await me()], [401, 200]);
    assert.equal((await openBrowser(served.address).logIn(other)).status, 200, 'of other people none ends');
  });

  describe('of another person', () => {
    let member: BuiltMember;
    beforeEach(async () => {
      member = await buildMember(served.app, acme, 'member');
    });

    it('is ended by who administers members, and by nobody else', async () => {
      const theirs = openBrowser(served.address);
      await theirs.logIn(member);
      const { sessionId } = await served.app.services.accessTokens.verify(browser.accessToken ?? '');
      assert.equal((await theirs.ask('DELETE', `/v1/sessions/${sessionId}`)).status, 404);
      assert.equal((await theirs.ask('GET', `/v1/sessions?userId=${acme.userId}`)).status, 403);
      const all = { userId: acme.userId };
      assert.equal((await theirs.ask('POST', '/v1/sessions/revoke-all', all)).status, 403);
      const { items } = (await browser.ask('GET', `/v1/sessions?userId=${member.userId}`)).body;
      assert.equal(items.length, 2);
      await browser.ask('POST', '/v1/sessions/revoke-all', { userId: member.userId });
      assert.deepEqual([await me(theirs), await me()], [401, 200]);
    });

    it('can not be ended everywhere, also by administrators', async () => {
      const input = { userId: member.userId, everywhere: true };
      assert.equal((await browser.ask('POST', '/v1/sessions/revoke-all', input)).status, 403);
    });

    it('ends with their membership', async () => {
      const theirs = openBrowser(served.address);
      await theirs.logIn(member);
      await served.app.services.database.withOrg(acme.orgId, (transaction) =>
        transaction
          .update(members)
          .set({ status: 'deactivated' })
          .where(and(eq(members.orgId, acme.orgId), eq(members.userId, member.userId))),
      );
      assert.equal(await me(theirs), 403);
      assert.equal((await theirs.refresh()).status, 401);
    });
  });

  it('is exchanged for one in another organization of the same person', async () => {
    const other = await buildOrganization(served.app, { name: 'Other' });
    const switchTo = (organizationId: string) => browser.post('/v1/session/switch', { organizationId });
    assert.equal((await switchTo(other.orgId)).status, 403);
    assert.equal((await switchTo(randomUUID())).status, 403);
    await join(other.orgId, acme);
    const left = token();
    const answer = await switchTo(other.orgId);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.organization?.id, other.orgId);
    assert.equal(await me(), 200);
    assert.equal((await withToken(left).refresh()).status, 401, 'the one that was left has ended');
    assert.equal((await browser.refresh()).body.organization?.id, other.orgId);
    assert.equal((await switchTo(acme.orgId)).body.organization?.id, acme.orgId);
  });

  it('does not last longer by being exchanged', async () => {
    const other = await buildOrganization(served.app);
    await join(other.orgId, acme);
    await change({ authenticatedAt: sql`now() - interval '29 days'` });
    await browser.post('/v1/session/switch', { organizationId: other.orgId });
    const { items } = (await browser.ask('GET', '/v1/sessions')).body;
    const [current] = items.filter(({ isCurrent }) => isCurrent);
    const daysLeft = (Date.parse(String(current?.endsAt)) - Date.now()) / 86_400_000;
    assert.ok(daysLeft > 0.9 && daysLeft < 1.1, String(daysLeft));
  });

  it('leaves entries in the audit log when it begins and when it ends', async () => {
    await browser.post('/v1/log-out');
    const audited = await served.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .select({ action: auditLog.action })
        .from(auditLog)
        .where(eq(auditLog.principalId, acme.userId))
        .orderBy(auditLog.id),
    );
    assert.deepEqual(
      audited.map(({ action }) => action),
      ['identity.sign_up', 'identity.log_in', 'identity.log_out'],
    );
  });
});
