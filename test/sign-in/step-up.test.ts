import assert from 'node:assert/strict';
import { eq, sql } from 'drizzle-orm';
import { sessions } from '#db/schema/index.js';
import { chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { freshAddress } from './addresses.js';
import { type Browser, openBrowser } from './browser.js';
import { type SignInSystem, signInSystem } from './sign-in-system.js';

describe('an action that needs a recent sign-in', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  let browser: Browser;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
    browser = openBrowser(served.address, { ip: freshAddress() });
    await browser.logIn(acme);
  });

  const age = (minutes: number) =>
    served.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .update(sessions)
        .set({ authenticatedAt: sql`now() - make_interval(mins => ${minutes})` })
        .where(eq(sessions.orgId, acme.orgId)),
    );
  const makeKey = (scopes = ['tasks:read']) => browser.ask('POST', '/v1/api-keys', { name: 'CI', scopes });
  const confirm = (proof: object) => browser.ask('POST', '/v1/me/confirm', proof);

  it('is refused ten minutes after it, until its person has confirmed who they are', async () => {
    await age(9);
    assert.equal((await makeKey()).status, 201);
    await age(11);
    const refused = await makeKey();
    assert.deepEqual([refused.status, refused.body.code], [403, 'step_up_required']);
    assert.match(refused.body.detail ?? '', /POST \/v1\/me\/confirm/);
    assert.equal((await confirm({ password: acme.password })).status, 200);
    assert.equal((await makeKey()).status, 201);
  });

  it('is not made recent by a refresh', async () => {
    await age(11);
    await browser.refresh();
    assert.equal((await makeKey()).body.code, 'step_up_required');
  });

  it('is not confirmed by a wrong password, which can be tried a few times only', async () => {
    await age(11);
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries += 1) statuses.push((await confirm({ password: 'wrong' })).status);
    assert.deepEqual(statuses.slice(0, 5), [403, 403, 403, 403, 403]);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await makeKey()).body.code, 'step_up_required');
    const other = openBrowser(served.address, { cookies: browser.cookies });
    await other.logIn(acme);
    assert.equal((await other.ask('POST', '/v1/me/confirm', { password: acme.password })).status, 200);
  });

  it('wants one proof, of a kind that there is', async () => {
    for (const proof of [{}, { password: 'a', code: '123456' }, { code: '12345' }]) {
      assert.equal((await confirm(proof)).status, 422);
    }
    assert.equal((await confirm({ code: '123456' })).status, 403);
  });

  it('is never done by API keys, and not by automations', async () => {
    const { body } = await makeKey(['api_keys:*', 'organization:*', 'identity:*']);
    const byKey = (method: string, path: string) =>
      fetch(`${served.address}${path}`, {
        method,
        headers: { 'x-api-key': String(body.key), 'content-type': 'application/json' },
        ...(method !== 'GET' && { body: JSON.stringify({ name: 'More', scopes: ['api_keys:*'] }) }),
      });
    assert.equal((await byKey('POST', '/v1/api-keys')).status, 403);
    assert.equal((await byKey('GET', '/v1/sessions')).status, 403);
    assert.equal((await byKey('GET', '/v1/me/log-ins')).status, 403);
    const draft = chain({ type: 'manual' }, [
      { id: 'key', type: 'action', action: 'api_keys.create', input: { name: 'K', scopes: ['tasks:read'] } },
    ]);
    const made = await browser.ask('POST', '/v1/automations', { name: 'Keys', draft });
    const published = await browser.ask('POST', `/v1/automations/${made.body.id}/publish`, {});
    assert.equal(published.status, 422, JSON.stringify(published.body));
    assert.match(published.body.detail ?? '', /there is no action api_keys.create/);
  });

  it('is marked so wherever somebody could take the account or the organization over', () => {
    const marked = [...served.app.services.catalogue.actions.values()]
      .filter(({ kind, ...action }) => kind === 'domain' && 'needsRecentSignIn' in action)
      .map(({ name }) => name);
    for (const name of [
      'api_keys.create',
      'identity.change_password',
      'identity.request_email_change',
      'organization.update_sign_in_rules',
      'passkeys.begin',
      'passkeys.create',
      'passkeys.delete',
      'recovery_codes.regenerate',
      'totp.begin',
      'totp.confirm',
      'totp.disable',
    ]) {
      assert.ok(marked.includes(name), name);
    }
  });
});
