import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { sessions } from '#db/schema/index.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { freshAddress } from './addresses.js';
import { type Authenticator, createAuthenticator } from './authenticator.js';
import { type Browser, openBrowser, sessionCookie } from './browser.js';
import { type SignInSystem, signInSystem } from './sign-in-system.js';

describe('a passkey', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  let browser: Browser;
  let authenticator: Authenticator;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
    browser = stranger();
    await browser.logIn(acme);
    authenticator = createAuthenticator();
    const added = await register();
    assert.equal(added.status, 201, JSON.stringify(added.body));
  });

  const stranger = () => openBrowser(served.address, { ip: freshAddress() });
  const page = () => ({ origin: served.address });

  async function register(by = authenticator, ceremony: object = {}, of = browser) {
    const { body } = await of.ask('POST', '/v1/me/passkeys/challenge', {});
    const response = by.create(body.options, { ...page(), ...ceremony });
    return of.ask('POST', '/v1/me/passkeys', { name: 'Laptop', challenge: body.challenge, response });
  }
  async function prove(by = authenticator, ceremony: object = {}) {
    const { body } = await stranger().post('/v1/passkeys/challenge', {});
    return { challenge: body.challenge, response: by.get(body.options, { ...page(), ...ceremony }) };
  }
  const logIn = (proof: object, of = stranger()) => of.post('/v1/log-in/passkey', proof);

  it('lets its person in without a password', async () => {
    const of = stranger();
    const answer = await logIn(await prove(), of);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.organization?.id, acme.orgId);
    assert.ok(of.cookies.has(sessionCookie));
    const { items } = (await of.ask('GET', '/v1/sessions')).body;
    assert.deepEqual(items.find(({ isCurrent }) => isCurrent)?.methods, ['passkey']);
  });

  it('does not let into an organization of which its person is no member', async () => {
    const { orgId } = await buildOrganization(served.app);
    const answer = await logIn({ ...(await prove()), organizationId: orgId });
    assert.equal(answer.status, 403);
  });

  it('is not kept out by failures of strangers', async () => {
    for (let tries = 0; tries < 8; tries += 1) await stranger().logIn({ ...acme, password: 'wrong' });
    assert.equal((await logIn(await prove())).status, 200);
  });

  it('answers a challenge once, also of two at once', async () => {
    const proof = await prove();
    const answers = await Promise.all([logIn(proof), logIn(proof)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
  });

  it('is refused from a page of another site, without a check of the person, or by another key', async () => {
    assert.equal((await logIn(await prove(authenticator, { origin: 'https://evil.example' }))).status, 401);
    assert.equal((await logIn(await prove(authenticator, { isUserVerified: false }))).status, 401);
    const copyWithout = createAuthenticator();
    assert.equal((await logIn(await prove(copyWithout))).status, 401);
    const [mine, other] = [await prove(), await prove()];
    assert.equal((await logIn({ ...mine, challenge: other.challenge })).status, 401);
    assert.equal((await logIn({ ...mine, challenge: 'x' })).status, 401);
  });

  it('is refused when its counter goes back, for then it was copied', async () => {
    await logIn(await prove());
    await logIn(await prove());
    authenticator.counter = 0;
    assert.equal((await logIn(await prove())).status, 401);
  });

  it('of one person does not let in as another', async () => {
    const other = await buildOrganization(served.app);
    const theirs = stranger();
    await theirs.logIn(other);
    const stolen = await prove();
    const handle = Buffer.from(other.userId).toString('base64url');
    const response = {
      ...stolen.response,
      response: { ...Reflect.get(stolen.response, 'response'), userHandle: handle },
    };
    assert.equal((await logIn({ ...stolen, response })).status, 401);
    const known = await register(authenticator, {}, theirs);
    assert.equal(known.body.code, 'conflict');
  });

  it('is not added by the answer to a challenge of somebody else, of another site, or twice', async () => {
    const other = await buildOrganization(served.app);
    const theirs = stranger();
    await theirs.logIn(other);
    const fresh = createAuthenticator();
    const { body } = await theirs.ask('POST', '/v1/me/passkeys/challenge', {});
    const response = fresh.create(body.options, page());
    const input = { name: 'Planted', challenge: body.challenge, response };
    assert.equal((await browser.ask('POST', '/v1/me/passkeys', input)).status, 401);
    assert.equal((await theirs.ask('POST', '/v1/me/passkeys', input)).status, 201);
    assert.equal((await theirs.ask('POST', '/v1/me/passkeys', input)).status, 409);
    const foreign = await register(createAuthenticator(), { origin: 'https://evil.example' });
    assert.equal(foreign.status, 422);
  });

  it('confirms who it is', async () => {
    await served.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.update(sessions).set({ authenticatedAt: sql`now() - interval '1 hour'` }),
    );
    const early = await browser.ask('POST', '/v1/me/passkeys/challenge', {});
    assert.equal(early.body.code, 'step_up_required');
    const confirmed = await browser.ask('POST', '/v1/me/confirm', { passkey: await prove() });
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    assert.equal((await register(createAuthenticator())).status, 201);
  });

  it('is a second factor where an organization wants one', async () => {
    const rules = { needsSecondFactor: true };
    await served.app.perform(acme.caller, 'organization.update_sign_in_rules', rules);
    const of = stranger();
    const { body } = await of.logIn(acme);
    assert.deepEqual([body.status, body.methods], ['second_factor', ['passkey', 'recovery_code']]);
    const answer = await of.post('/v1/log-in/second-factor', {
      challenge: body.challenge,
      passkey: await prove(),
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  });

  it('is listed, renamed and removed by its person, and by nobody else', async () => {
    const { items } = (await browser.ask('GET', '/v1/me/passkeys')).body;
    assert.deepEqual(
      items.map(({ name }) => name),
      ['Laptop'],
    );
    assert.doesNotMatch(JSON.stringify(items), /publicKey|credential/);
    const path = `/v1/me/passkeys/${items[0]?.id}`;
    const theirs = stranger();
    await theirs.logIn(await buildOrganization(served.app));
    assert.equal((await theirs.ask('PATCH', path, { name: 'Taken' })).status, 404);
    assert.equal((await theirs.ask('DELETE', path)).status, 404);
    assert.equal((await browser.ask('PATCH', path, { name: 'Phone' })).body.name, 'Phone');
    assert.equal((await browser.ask('DELETE', path)).status, 200);
    assert.equal((await logIn(await prove())).status, 401);
    await served.mailbox.receivedAbout(acme.email, /^A passkey was removed$/);
  });
});
