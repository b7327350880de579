import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { freshAddress } from './addresses.js';
import { deviceCookie, openBrowser, sessionCookie } from './browser.js';
import { openSignInSystem, type SignInSystem, signInSystem } from './sign-in-system.js';

const newPassword = 'a wholly new password';

describe('a person’s email address', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
  });

  const browserOf = async (person: BuiltOrganization) => {
    const browser = openBrowser(served.address, { ip: freshAddress() });
    await browser.logIn(person);
    return browser;
  };
  const tokenTo = async (address: string, subject: RegExp) => {
    const { text } = await served.mailbox.receivedAbout(address, subject);
    return /\/account\/[\w-]+\/(wse_[\w-]+)/.exec(text ?? '')?.[1] ?? assert.fail(`no link in ${text}`);
  };
  const verify = (token: string) => openBrowser(served.address).post('/v1/verify-email', { token });
  const verifiedAt = async (person = acme) => {
    const [row] = await served.app.services.database.withUser(person.userId, (transaction) =>
      transaction.execute<{ at: string | null }>(sql`SELECT email_verified_at AS at FROM users`),
    );
    return row?.at;
  };

  it('is confirmed by the link that comes after sign-up, once', async () => {
    assert.equal(await verifiedAt(), null);
    const token = await tokenTo(acme.email, /^Confirm your email address$/);
    assert.equal((await verify(token)).body.email, acme.email);
    assert.notEqual(await verifiedAt(), null);
    const again = await verify(token);
    assert.deepEqual([again.status, again.body.code], [422, 'validation']);
  });

  it('is confirmed by one of two clicks at once', async () => {
    const token = await tokenTo(acme.email, /^Confirm/);
    const answers = await Promise.all([verify(token), verify(token)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
  });

  it('is not confirmed by a token that is made up, of another person, or has expired', async () => {
    const token = await tokenTo(acme.email, /^Confirm/);
    const other = await tokenTo((await buildOrganization(served.app)).email, /^Confirm/);
    const mixed = `${token.slice(0, 46)}${other.slice(46)}`;
    for (const wrong of ['', 'wse_', mixed, `${token}A`]) {
      assert.equal((await verify(wrong)).status, 422);
    }
    await served.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute(sql`UPDATE email_tokens SET expires_at = now()`),
    );
    assert.equal((await verify(token)).status, 422);
    assert.equal(await verifiedAt(), null);
  });

  it('changes when the new one is confirmed, and the old one is told', async () => {
    const browser = await browserOf(acme);
    const email = `${randomUUID()}@example.com`;
    assert.equal((await browser.ask('POST', '/v1/me/email', { email })).status, 202);
    await served.mailbox.receivedAbout(acme.email, /^A new email address was asked for$/);
    assert.equal((await openBrowser(served.address, { ip: freshAddress() }).logIn(acme)).status, 200);
    assert.equal((await verify(await tokenTo(email, /new email address/))).body.isNew, true);
    await served.mailbox.receivedAbout(acme.email, /^Your email address was changed$/);
    assert.equal(
      (await openBrowser(served.address, { ip: freshAddress() }).logIn({ ...acme, email })).status,
      200,
    );
    assert.equal((await openBrowser(served.address, { ip: freshAddress() }).logIn(acme)).status, 401);
  });

  it('does not change to that of another account, and nobody learns of it', async () => {
    const other = await buildOrganization(served.app);
    const browser = await browserOf(acme);
    const taken = await browser.ask('POST', '/v1/me/email', { email: other.email });
    const free = await browser.ask('POST', '/v1/me/email', { email: `${randomUUID()}@example.com` });
    assert.deepEqual([taken.status, taken.body], [free.status, free.body]);
    await served.mailbox.receivedAbout(acme.email, /was asked for/);
    const mails = await served.mailbox.mailsTo(other.email);
    assert.deepEqual(mails, []);
  });

  it('that somebody else has taken meanwhile is refused', async () => {
    const email = `${randomUUID()}@example.com`;
    const browser = await browserOf(acme);
    await browser.ask('POST', '/v1/me/email', { email });
    const token = await tokenTo(email, /new email address/);
    await served.app.perform({ kind: 'anonymous' }, 'identity.sign_up', {
      organization: { name: 'Other' },
      name: 'Other',
      email,
      password: newPassword,
    });
    assert.equal((await verify(token)).body.code, 'conflict');
  });
});

describe('a password', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
  });

  const stranger = () => openBrowser(served.address, { ip: freshAddress() });
  const request = (email: string) => stranger().post('/v1/password-reset', { email });
  const resetToken = async () => {
    assert.equal((await request(acme.email)).status, 202);
    const { text } = await served.mailbox.receivedAbout(acme.email, /^Set a new password$/);
    return /reset-password\/(wse_[\w-]+)/.exec(text ?? '')?.[1] ?? assert.fail('no link');
  };
  const reset = (token: string, password = newPassword, browser = stranger()) =>
    browser.post('/v1/password-reset/confirm', { token, password });

  async function shortest(makeEmail: () => Promise<string>) {
    const asked = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const email = await makeEmail();
      asked.push(await timed(() => request(email)));
    }
    const [first, ...others] = asked.sort((a, b) => a.ms - b.ms);
    assert.equal(others.length, 3);
    return first ?? assert.fail();
  }

  it('is set anew by a mailed link, once, which ends all sessions, while API keys stay', async () => {
    const browser = stranger();
    await browser.logIn(acme);
    const key = await browser.ask('POST', '/v1/api-keys', { name: 'CI', scopes: ['tasks:read'] });
    const token = await resetToken();
    const done = await reset(token);
    assert.deepEqual([done.status, done.body.email], [200, acme.email], JSON.stringify(done.body));
    assert.equal((await browser.ask('GET', '/v1/me')).status, 401);
    assert.equal((await browser.refresh()).status, 401);
    assert.equal((await stranger().logIn(acme)).status, 401);
    assert.equal((await stranger().logIn({ ...acme, password: newPassword })).status, 200);
    assert.equal((await reset(token, 'one more password')).status, 422);
    const headers = { 'x-api-key': String(key.body.key) };
    assert.equal((await fetch(`${served.address}/v1/tasks`, { headers })).status, 200);
    await served.mailbox.receivedAbout(acme.email, /^Your password was changed$/);
  });

  it('is set once by two clicks at once', async () => {
    const token = await resetToken();
    const answers = await Promise.all([reset(token), reset(token, 'another new password')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
  });

  it('is not set by a token for something else, or after half an hour', async () => {
    const { text } = await served.mailbox.receivedAbout(acme.email, /^Confirm/);
    const other = /(wse_[\w-]+)/.exec(text ?? '')?.[1] ?? '';
    assert.equal((await reset(other)).status, 422);
    const token = await resetToken();
    await served.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute(
        sql`UPDATE email_tokens SET expires_at = expires_at - interval '30 minutes' WHERE purpose = 'reset'`,
      ),
    );
    assert.equal((await reset(token)).status, 422);
  });

  it('that was set anew lets its person in however often strangers failed', async () => {
    for (let tries = 0; tries < 8; tries += 1) await stranger().logIn({ ...acme, password: 'wrong' });
    const own = stranger();
    assert.equal((await own.logIn(acme)).status, 429);
    await reset(await resetToken(), newPassword, own);
    assert.ok(own.cookies.has(deviceCookie) && !own.cookies.has(sessionCookie));
    for (let tries = 0; tries < 8; tries += 1) await stranger().logIn({ ...acme, password: 'wrong' });
    assert.equal((await own.logIn({ ...acme, password: newPassword })).status, 200);
  });

  it('is asked for in the same words and the same time for an address without an account', async () => {
    const known = await shortest(async () => (await buildOrganization(served.app)).email);
    const unknown = await shortest(async () => `${randomUUID()}@example.com`);
    assert.deepEqual([unknown.answer.status, unknown.answer.body], [known.answer.status, known.answer.body]);
    assert.deepEqual(headerNames(unknown.answer.headers), headerNames(known.answer.headers));
    assert.ok(unknown.ms >= 295, 'it takes as long as if there were something to do');
    assert.ok(Math.abs(known.ms - unknown.ms) < 100, `${known.ms} ms and ${unknown.ms} ms`);
  });

  it('is mailed about three times an hour at most', async () => {
    await Promise.all(Array.from({ length: 6 }, () => request(acme.email)));
    const [row] = await served.app.services.database.withUser(acme.userId, (transaction) =>
      transaction.execute<{ count: number }>(
        sql`SELECT count(*)::integer AS count FROM email_tokens WHERE purpose = 'reset'`,
      ),
    );
    assert.equal(row?.count, 3);
  });

  it('is changed by its person, which ends all other sessions', async () => {
    const [browser, phone] = [stranger(), stranger()];
    await browser.logIn(acme);
    await phone.logIn(acme);
    const same = await browser.ask('POST', '/v1/me/password', { password: acme.email });
    assert.equal(same.status, 422);
    const answer = await browser.ask('POST', '/v1/me/password', { password: newPassword });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(
      [(await browser.ask('GET', '/v1/me')).status, (await phone.ask('GET', '/v1/me')).status],
      [200, 401],
    );
    assert.equal((await stranger().logIn({ ...acme, password: newPassword })).status, 200);
  });
});

describe('a stolen password', () => {
  let list: Server;
  let served: SignInSystem;
  let asked: { url: string | undefined; padding: string | undefined }[];
  let answer: (prefix: string) => string | undefined;
  const stolen = 'correct horse battery';
  const digest = createHash('sha1').update(stolen).digest('hex').toUpperCase();

  before(async () => {
    list = createServer((request, response) => {
      asked.push({ url: request.url, padding: String(request.headers['add-padding']) });
      const body = answer(/\/range\/(\w+)$/.exec(request.url ?? '')?.[1] ?? '');
      if (body === undefined) return;
      response.end(body);
    });
    list.listen(0, '127.0.0.1');
    await once(list, 'listening');
    const { port } = list.address() as AddressInfo;
    served = await openSignInSystem({
      BREACHED_PASSWORDS_URL: `http://127.0.0.1:${port}`,
      OUTGOING_ALLOW_LOOPBACK: 'true',
    });
  });
  after(() => {
    list.closeAllConnections();
    list.close();
  });
  beforeEach(() => {
    asked = [];
  });

  const signUp = (password: string) =>
    openBrowser(served.address, { ip: freshAddress() }).post('/v1/sign-up', {
      organization: { name: 'Acme' },
      name: 'Ada',
      email: `${randomUUID()}@example.com`,
      password,
    });

  it('is refused, and only the beginning of its hash has left', async () => {
    answer = () => `0018A45C4D1DEF81644B54AB7F969B88D65:10\r\n${digest.slice(5)}:3\r\n`;
    const refused = await signUp(stolen);
    assert.deepEqual([refused.status, refused.body.code], [422, 'validation']);
    assert.deepEqual(asked, [{ url: `/range/${digest.slice(0, 5)}`, padding: 'true' }]);
    assert.equal((await signUp('another one entirely')).status, 201);
  });

  it('is not seen in what only pads the answer', async () => {
    answer = () => `${digest.slice(5)}:0\r\n`;
    assert.equal((await signUp(stolen)).status, 201);
  });

  it('is accepted when the list does not answer', async () => {
    answer = () => undefined;
    const { ms, answer: made } = await timed(() => signUp(stolen));
    assert.equal(made.status, 201);
    assert.ok(ms < 3_000, `${ms} ms`);
  });
});

async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; answer: Result }> {
  const start = performance.now();
  const answer = await work();
  return { ms: performance.now() - start, answer };
}

function headerNames(headers: Headers): string[] {
  return [...headers.keys()].sort();
}
