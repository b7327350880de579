import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { totpOf } from '#domains/identity/second-factor/verify-totp.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { freshAddress } from './addresses.js';
import { type Browser, openBrowser, sessionCookie } from './browser.js';
import { type SignInSystem, signInSystem } from './sign-in-system.js';

describe('an authenticator app', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  let browser: Browser;
  let secret: string;
  let recoveryCodes: string[];
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
    browser = stranger();
    await browser.logIn(acme);
    const setup = await browser.ask('POST', '/v1/me/totp', {});
    assert.equal(setup.status, 200, JSON.stringify(setup.body));
    secret = String(setup.body.secret);
    const confirmed = await browser.ask('POST', '/v1/me/totp/confirm', { code: codeAt(-1) });
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    recoveryCodes = confirmed.body.recoveryCodes;
  });

  const stranger = () => openBrowser(served.address, { ip: freshAddress() });
  /** Of the present half minute, or of one so many before or after it. */
  const codeAt = (steps: number) => totpOf(secret).generate({ timestamp: Date.now() + steps * 30_000 });
  const forgetSteps = () =>
    served.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute(sql`UPDATE totp_secrets SET last_step = 0`),
    );
  const challenged = async (of = stranger()) => {
    const { status, body } = await of.logIn(acme);
    assert.deepEqual([status, body.status, of.cookies.size], [200, 'second_factor', 0]);
    return { of, challenge: body.challenge };
  };
  const give = (of: Browser, challenge: string, factor: object) =>
    of.post('/v1/log-in/second-factor', { challenge, ...factor });

  it('is asked for after the password, and lets in', async () => {
    const { of, challenge } = await challenged();
    const answer = await give(of, challenge, { code: codeAt(0) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.ok(of.cookies.has(sessionCookie));
    const { items } = (await of.ask('GET', '/v1/sessions')).body;
    assert.deepEqual(items.find(({ isCurrent }) => isCurrent)?.methods, ['password', 'totp']);
  });

  it('comes as an address that apps know, and its secret is nowhere in the clear', async () => {
    await browser.ask('DELETE', '/v1/me/totp');
    const { body } = await browser.ask('POST', '/v1/me/totp', {});
    assert.match(
      String(body.uri),
      /^otpauth:\/\/totp\/WorkSynapse:.*secret=[A-Z2-7]{32}&.*digits=6&period=30/,
    );
    const [row] = await served.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute<{ secret: string }>(sql`SELECT secret FROM totp_secrets`),
    );
    assert.match(row?.secret ?? '', /^v1:/);
    const keyed = await browser.post(
      '/v1/me/totp',
      {},
      { authorization: `Bearer ${browser.accessToken}`, 'idempotency-key': 'one' },
    );
    assert.equal(keyed.body.code, 'validation', 'what is shown once is not kept');
  });

  it('asks for nothing until its first code was given', async () => {
    await browser.ask('DELETE', '/v1/me/totp');
    await browser.ask('POST', '/v1/me/totp', {});
    assert.ok((await stranger().logIn(acme)).body.accessToken);
  });

  it('takes each code once, also of two that come at once, and none of before', async () => {
    const [one, two] = await Promise.all([challenged(), challenged()]);
    const code = codeAt(0);
    const answers = await Promise.all([
      give(one.of, one.challenge, { code }),
      give(two.of, two.challenge, { code }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    const { of, challenge } = await challenged();
    assert.equal((await give(of, challenge, { code: codeAt(-1) })).status, 401);
  });

  it('takes no code that is two minutes off', async () => {
    await forgetSteps();
    const { of, challenge } = await challenged();
    assert.equal((await give(of, challenge, { code: codeAt(-4) })).status, 401);
    assert.equal((await give(of, challenge, { code: codeAt(4) })).status, 401);
  });

  it('is tried five times for a log-in, which is then over', async () => {
    const { of, challenge } = await challenged();
    for (let tries = 0; tries < 5; tries += 1) {
      const ip = openBrowser(served.address, { ip: freshAddress() });
      assert.equal((await give(ip, challenge, { code: '000000' })).status, 401);
    }
    assert.equal((await give(of, challenge, { code: codeAt(0) })).status, 401);
  });

  it('can not be guessed by beginning again and again', async () => {
    let last = 0;
    for (let tries = 0; tries < 24 && last !== 429; tries += 1) {
      const { of, challenge } = await challenged();
      last = (await give(of, challenge, { code: '000000' })).status;
    }
    assert.equal(last, 429);
  });

  it('lets one in by a challenge only once, and by none that is for something else', async () => {
    const { of, challenge } = await challenged();
    await give(of, challenge, { code: codeAt(0) });
    await forgetSteps();
    assert.equal((await give(stranger(), challenge, { code: codeAt(1) })).status, 401);
    for (const wrong of ['x', challenge.slice(0, -2), browser.accessToken ?? '']) {
      assert.equal((await give(stranger(), wrong, { code: codeAt(1) })).status, 401);
    }
    const asAccess = { authorization: `Bearer ${challenge}` };
    assert.equal((await fetch(`${served.address}/v1/me`, { headers: asAccess })).status, 401);
    const enrol = await stranger().post('/v1/log-in/enrollment', { challenge });
    assert.equal(enrol.status, 401);
  });

  it('given with the password lets in at once, however often strangers failed', async () => {
    for (let tries = 0; tries < 8; tries += 1) await stranger().logIn({ ...acme, password: 'wrong' });
    assert.equal((await stranger().logIn(acme)).status, 429);
    assert.equal((await stranger().logIn(acme, { code: '000000' })).status, 401);
    const wrong = await stranger().logIn({ ...acme, password: 'wrong' }, { code: codeAt(0) });
    assert.deepEqual([wrong.status, wrong.body.detail], [401, 'Email or password is wrong']);
    assert.equal((await stranger().logIn(acme, { code: codeAt(0) })).status, 200);
  });

  it('is replaced by a recovery code, once, and its person is told', async () => {
    assert.equal(recoveryCodes.length, 10);
    const [code = ''] = recoveryCodes;
    const first = await challenged();
    assert.equal((await give(first.of, first.challenge, { recoveryCode: code.toUpperCase() })).status, 200);
    await served.mailbox.receivedAbout(acme.email, /^A recovery code was used$/);
    const second = await challenged();
    assert.equal((await give(second.of, second.challenge, { recoveryCode: code })).status, 401);
    const left = await browser.ask('GET', '/v1/me/second-factors');
    assert.deepEqual(left.body.recoveryCodesLeft, 9);
  });

  it('has new recovery codes when asked for, and the old ones end', async () => {
    const made = await browser.ask('POST', '/v1/me/recovery-codes', {});
    assert.equal(made.body.recoveryCodes.length, 10);
    const { of, challenge } = await challenged();
    assert.equal((await give(of, challenge, { recoveryCode: recoveryCodes[1] })).status, 401);
    assert.equal((await give(of, challenge, { recoveryCode: made.body.recoveryCodes[1] })).status, 200);
  });

  it('is removed by its person, with its recovery codes', async () => {
    assert.equal((await browser.ask('POST', '/v1/me/totp', {})).body.code, 'conflict');
    assert.equal((await browser.ask('DELETE', '/v1/me/totp')).status, 200);
    assert.ok((await stranger().logIn(acme)).body.accessToken);
    const left = await browser.ask('GET', '/v1/me/second-factors');
    assert.deepEqual([left.body.methods, left.body.recoveryCodesLeft], [[], 0]);
    assert.equal((await browser.ask('DELETE', '/v1/me/totp')).status, 404);
    await served.mailbox.receivedAbout(acme.email, /app was removed$/);
  });

  it('is asked for when a session from before it is exchanged for one elsewhere', async () => {
    const other = await buildOrganization(served.app);
    await served.app.services.database.withOrg(other.orgId, (transaction) =>
      transaction.execute(sql`
        INSERT INTO members (org_id, user_id, role_id)
        SELECT ${other.orgId}, ${acme.userId}, id FROM roles WHERE key = 'member'`),
    );
    const { body } = await browser.post('/v1/session/switch', { organizationId: other.orgId });
    assert.equal(body.status, 'second_factor');
    const answer = await give(browser, body.challenge, { code: codeAt(0) });
    assert.equal(answer.body.organization?.id, other.orgId);
  });

  it('is asked for after a new password was set by mail, too', async () => {
    await stranger().post('/v1/password-reset', { email: acme.email });
    const { text } = await served.mailbox.receivedAbout(acme.email, /^Set a new password$/);
    const token = /reset-password\/(wse_[\w-]+)/.exec(text ?? '')?.[1];
    const password = 'a wholly new password';
    assert.equal((await stranger().post('/v1/password-reset/confirm', { token, password })).status, 200);
    assert.equal((await stranger().logIn({ ...acme, password })).body.status, 'second_factor');
  });

  it('leaves its failures in the history of the person', async () => {
    const { of, challenge } = await challenged();
    await give(of, challenge, { code: '000000' });
    const { items } = (await browser.ask('GET', '/v1/me/log-ins')).body;
    assert.equal(items[0]?.outcome, 'second_factor');
  });
});

describe('an organization that wants a second factor', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  let member: BuiltMember;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
    member = await buildMember(served.app, acme, 'member');
    const rules = { needsSecondFactor: true };
    await served.app.perform(acme.caller, 'organization.update_sign_in_rules', rules);
  });
  const stranger = () => openBrowser(served.address, { ip: freshAddress() });

  it('has who has none set one up on the way in', async () => {
    const browser = stranger();
    const { body } = await browser.logIn(member);
    assert.deepEqual([body.status, body.accessToken], ['enroll_second_factor', undefined]);
    const { challenge } = body;
    const setup = await browser.post('/v1/log-in/enrollment', { challenge });
    const code = (steps: number) =>
      totpOf(String(setup.body.secret)).generate({ timestamp: Date.now() + steps * 30_000 });
    const finish = (given: string) =>
      browser.post('/v1/log-in/enrollment/confirm', { challenge, code: given });
    assert.equal((await finish('000000')).status, 422);
    const done = await finish(code(-1));
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.body.recoveryCodes.length, 10);
    assert.equal((await browser.ask('GET', '/v1/me')).status, 200);
    assert.equal((await finish(code(0))).status, 401, 'the challenge was used');
    assert.equal((await stranger().logIn(member)).body.status, 'second_factor');
    await served.mailbox.receivedAbout(member.email, /^An authenticator app was added$/);
    const [event] = await listSecurityEvents(served.app, acme.caller, 'second_factor_changed');
    assert.deepEqual(event?.details, { factor: 'totp', change: 'added' });
    assert.equal(event.userId, member.userId);
  });

  it('is not entered by a session of another that does not', async () => {
    const browser = stranger();
    const other = await buildOrganization(served.app);
    await browser.logIn(other);
    await served.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.execute(sql`
        INSERT INTO members (org_id, user_id, role_id)
        SELECT ${acme.orgId}, ${other.userId}, id FROM roles WHERE key = 'member'`),
    );
    const before = browser.cookies.get(sessionCookie);
    const answer = await browser.post('/v1/session/switch', { organizationId: acme.orgId });
    assert.equal(answer.body.status, 'enroll_second_factor');
    assert.equal(browser.cookies.get(sessionCookie), before);
    assert.equal((await browser.ask('GET', '/v1/me')).status, 200, 'the present session goes on');
  });
});
