import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { freshAddress } from './addresses.js';
import { type Browser, deviceCookie, openBrowser } from './browser.js';
import { type SignInSystem, signInSystem } from './sign-in-system.js';

describe('failed log-ins', () => {
  let served: SignInSystem;
  let acme: BuiltOrganization;
  before(async () => {
    served = await signInSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(served.app);
  });

  const stranger = () => openBrowser(served.address, { ip: freshAddress() });
  const wrong = (browser: Browser, { email } = acme) =>
    browser.logIn({ email, password: 'not the password' });
  const failures = async (count: number, person = acme) => {
    const statuses: number[] = [];
    for (let tries = 0; tries < count; tries += 1) statuses.push((await wrong(stranger(), person)).status);
    return statuses;
  };
  const passTime = (seconds: number) =>
    served.app.services.database.withoutOrg((transaction) =>
      transaction.execute(
        sql`UPDATE throttles SET blocked_until = blocked_until - make_interval(secs => ${seconds})`,
      ),
    );

  it('of one account make pauses that grow, wherever they come from', async () => {
    assert.deepEqual(await failures(5), [401, 401, 401, 401, 401]);
    assert.equal((await wrong(stranger())).status, 429);
    for (let tries = 0; tries < 3; tries += 1) {
      await passTime(1_000);
      await wrong(stranger());
    }
    for (const seconds of [8, 16, 32, 64]) {
      const refused = await wrong(stranger());
      assert.equal(refused.status, 429);
      const pause = Number(refused.headers.get('retry-after'));
      assert.ok(pause <= seconds && pause > seconds / 2, `${pause} s of ${seconds}`);
      await passTime(1_000);
      assert.equal((await wrong(stranger())).status, 401);
    }
  });

  it('are forgiven with time, one each ten minutes', async () => {
    await failures(8);
    assert.equal((await wrong(stranger())).status, 429);
    await served.app.services.database.withoutOrg((transaction) =>
      transaction.execute(sql`
        UPDATE throttles SET blocked_until = now(), last_at = last_at - interval '41 minutes'`),
    );
    const later = await failures(3);
    assert.deepEqual(later, [401, 401, 401]);
  });

  it('never make a pause longer than a quarter of an hour', async () => {
    for (let tries = 0; tries < 30; tries += 1) {
      await wrong(stranger());
      await passTime(1_000);
    }
    await wrong(stranger());
    const refused = await wrong(stranger());
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) <= 900);
  });

  it('count the same for an account that does not exist', async () => {
    const nobody = { ...acme, email: `${randomUUID()}@example.com` };
    assert.deepEqual(await failures(6, nobody), await failures(6));
  });

  it('count also when they come all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => wrong(stranger())));
    const tried = answers.filter(({ status }) => status === 401).length;
    assert.ok(tried < 10, `${tried} tries were made`);
  });

  it('count one each, also where one began before another that it waited for', async () => {
    await wrong(stranger());
    await served.app.services.database.withoutOrg((transaction) =>
      transaction.execute(sql`UPDATE throttles SET last_at = now() + interval '1 second'`),
    );
    assert.deepEqual(await failures(4), [401, 401, 401, 401]);
    assert.equal((await wrong(stranger())).status, 429);
  });

  it('do not come of log-ins that succeed, however many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => stranger().logIn(acme)));
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200),
      [],
    );
  });

  it('of strangers do not keep a person out of a browser that they have used', async () => {
    const own = openBrowser(served.address, { ip: freshAddress() });
    await own.logIn(acme);
    await own.post('/v1/log-out');
    await failures(12);
    assert.equal((await stranger().logIn(acme)).status, 429);
    assert.equal((await own.logIn(acme)).status, 200);
  });

  it('in a browser that is known count there, too', async () => {
    const own = openBrowser(served.address, { ip: freshAddress() });
    await own.logIn(acme);
    let last = 0;
    for (let tries = 0; tries < 12; tries += 1) last = (await wrong(own)).status;
    assert.equal(last, 429);
    assert.equal((await stranger().logIn(acme)).status, 200, 'and nowhere else');
  });

  it('are not forgiven to a browser that is known for somebody else, or says that it is', async () => {
    const other = await buildMember(served.app, acme, 'member');
    const theirs = openBrowser(served.address, { ip: freshAddress() });
    await theirs.logIn(other);
    await failures(8);
    const made = openBrowser(served.address, {
      ip: freshAddress(),
      cookies: [[deviceCookie, 'A'.repeat(43)]],
    });
    assert.deepEqual([(await theirs.logIn(acme)).status, (await made.logIn(acme)).status], [429, 429]);
  });

  it('from one network hold up that network, for whichever accounts', async () => {
    const network = freshAddress();
    let last = 0;
    for (let tries = 0; tries < 52; tries += 1) {
      const email = `${randomUUID()}@example.com`;
      last = (await wrong(openBrowser(served.address, { ip: network }), { ...acme, email })).status;
    }
    assert.equal(last, 429);
    assert.equal((await stranger().logIn(acme)).status, 200);
  });

  it('are forgotten after a log-in', async () => {
    await failures(4);
    assert.equal((await stranger().logIn(acme)).status, 200);
    assert.deepEqual(await failures(5), [401, 401, 401, 401, 401]);
  });

  it('are in the history of the person, with what succeeded, and in nobody else’s', async () => {
    await failures(2);
    const own = openBrowser(served.address, { ip: freshAddress(), userAgent: 'Laptop' });
    await own.logIn(acme);
    const { items } = (await own.ask('GET', '/v1/me/log-ins')).body;
    assert.deepEqual(
      items.map(({ outcome }) => outcome),
      ['succeeded', 'password', 'password', 'succeeded'],
    );
    assert.deepEqual([items[0]?.userAgent, items[0]?.organizationId], ['Laptop', acme.orgId]);
    const other = await buildOrganization(served.app);
    const theirs = stranger();
    await theirs.logIn(other);
    assert.equal((await theirs.ask('GET', '/v1/me/log-ins')).body.items.length, 2);
  });
});

describe('a sign-in from a new device', () => {
  let served: SignInSystem;
  before(async () => {
    served = await signInSystem();
  });
  const newDevices = async (browser: Browser) => {
    const { items } = (await browser.ask('GET', '/v1/events')).body;
    return items.filter(({ type }) => type === 'security.new_device').length;
  };

  it('is told by mail', async () => {
    const acme = await buildOrganization(served.app);
    const ip = freshAddress();
    await openBrowser(served.address, { ip, userAgent: 'Phone <b>' }).logIn(acme);
    const mail = await served.mailbox.receivedAbout(acme.email, /^New sign-in to Acme$/);
    assert.ok(mail.text?.includes(ip) && mail.text.includes('Phone <b>'));
  });

  it('is an event, once for a device, and not the first time', async () => {
    const acme = await buildOrganization(served.app);
    const laptop = openBrowser(served.address, { ip: freshAddress() });
    await laptop.logIn(acme);
    assert.equal(await newDevices(laptop), 1, 'the sign-up was elsewhere');
    await laptop.logIn(acme);
    assert.equal(await newDevices(laptop), 1);
    const moved = openBrowser(served.address, { ip: freshAddress(), cookies: laptop.cookies });
    await moved.logIn(acme);
    assert.equal(await newDevices(moved), 1);
    await openBrowser(served.address, { ip: freshAddress(), userAgent: 'Phone' }).logIn(acme);
    assert.equal(await newDevices(moved), 2);
  });
});
