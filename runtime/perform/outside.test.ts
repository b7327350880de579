import assert from 'node:assert/strict';
import { z } from 'zod';
import { type App, createApp } from '#app.js';
import { hashPassword, verifyPassword } from '#domains/identity/password.js';
import { startTxtNameServer, type TxtNameServer } from '#runtime/outgoing/testing/txt-name-server.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { onTestsEnd } from '#test/closing.js';
import { openOwner } from '#test/owner.js';
import { configurationFor, type TestSystem, testSystem } from '#test/system.js';

const Domain = z.object({ id: z.uuid(), record: z.object({ name: z.string(), value: z.string() }) });

describe('what an action does outside of the database', () => {
  let system: TestSystem;
  let app: App;
  let names: TxtNameServer;
  let acme: BuiltOrganization;
  before(async () => {
    system = await testSystem();
    names = await startTxtNameServer();
    onTestsEnd(async () => names.close());
    const overrides = { OUTGOING_NAME_SERVERS: names.address, DATABASE_POOL_SIZE: '5' };
    app = await createApp(configurationFor(system.stack, overrides), 'test');
    onTestsEnd(app.close);
    acme = await buildOrganization(app);
  });

  const slow = () => {
    const { outgoing } = app.services;
    return [
      () => outgoing.fetch('http://127.0.0.1:9/'),
      () => outgoing.resolveHost('127.0.0.1'),
      () => outgoing.readTxt('example.com'),
      () => hashPassword('correct horse'),
      () => verifyPassword(null, 'correct horse'),
    ];
  };

  it('is refused while a transaction is open, however far down it is called', async () => {
    const { withOrg, withUser, withoutOrg } = app.services.database;
    for (const act of slow()) {
      const later = async () => {
        await new Promise(setImmediate);
        await act();
      };
      for (const work of [
        () => withOrg(acme.orgId, later),
        () => withUser(acme.userId, later),
        () => withoutOrg(() => withOrg(acme.orgId, async () => {}).then(later)),
      ]) {
        await assert.rejects(work(), /while a transaction is open/);
      }
    }
  });

  it('is possible beside a transaction, after it, and in what outlives it', async () => {
    let outlives: Promise<unknown> = Promise.resolve();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const open = app.services.database.withOrg(acme.orgId, async () => {
      outlives = ended.then(() => hashPassword('correct horse'));
    });
    await hashPassword('correct horse');
    await open;
    end();
    await outlives;
    await hashPassword('correct horse');
  });

  it('holds no transaction open: what is asked meanwhile does not wait for it', async () => {
    const { id, release } = await slowDomain();
    const checks = Array.from({ length: 8 }, () =>
      app.perform(acme.caller, 'organization.check_domain', { id }),
    );
    await names.asked(8);
    const owner = openOwner(system.stack);
    const held = await owner`SELECT FROM pg_stat_activity
      WHERE usename = 'worksynapse_app' AND state LIKE 'idle in transaction%'`;
    assert.equal(held.length, 0);
    await app.perform(acme.caller, 'tasks.list', {});
    release();
    await Promise.all(checks);
  });

  it('gives no right that was lost while it went on', async () => {
    const admin = await buildMember(app, acme, 'admin');
    const { id, release } = await slowDomain();
    const check = app.perform(admin.caller, 'organization.check_domain', { id });
    await names.asked(1);
    await openOwner(system.stack)`UPDATE members SET status = 'deactivated' WHERE user_id = ${admin.userId}`;
    release();
    await assertRefused(check, 'forbidden');
  });

  it('is done once for an idempotency key that has its result', async () => {
    const { id, release } = await slowDomain();
    release();
    const options = { idempotencyKey: 'once' };
    const first = await app.perform(acme.caller, 'organization.check_domain', { id }, options);
    const before = names.count();
    assert.deepEqual(await app.perform(acme.caller, 'organization.check_domain', { id }, options), first);
    assert.equal(names.count(), before);
  });

  /** A domain whose name server answers when it is let go. */
  async function slowDomain() {
    const domain = `${Math.random().toString(36).slice(2)}.example.com`;
    const { id, record } = Domain.parse(
      await app.perform(acme.caller, 'organization.add_domain', { domain }),
    );
    names.texts.set(record.name, record.value);
    return { id, release: names.hold() };
  }
});
