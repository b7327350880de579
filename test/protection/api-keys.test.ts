import assert from 'node:assert/strict';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ServedApp, serve } from '#api/testing/memory-app.js';
import { apiKeys } from '#db/schema/index.js';
import { ApiKey } from '#domains/identity/api-key.js';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';

const Shown = ApiKey.extend({ key: z.string() });
const Listed = z.object({ items: z.array(ApiKey) });

describe('API keys', () => {
  let app: TestSystem['app'];
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const create = async (fields: object = {}, caller: Caller = acme.caller) =>
    Shown.parse(
      await app.perform(caller, 'api_keys.create', { name: 'CI', scopes: ['tasks:read'], ...fields }),
    );
  const rotate = async (id: string, fields: object = {}, caller: Caller = acme.caller) =>
    Shown.parse(await app.perform(caller, 'api_keys.rotate', { id, ...fields }));
  const change = (id: string, fields: object) =>
    app.services.database.withOrg(acme.orgId, (db) =>
      db.update(apiKeys).set(fields).where(eq(apiKeys.id, id)),
    );

  describe('that are bound to networks', () => {
    it('are good there and nowhere else, however the address is written', async () => {
      const { key, allowedNetworks } = await create({
        allowedNetworks: ['10.1.2.3/8', '2001:DB8::/32', '192.0.2.7'],
      });
      assert.deepEqual(allowedNetworks, ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7/32']);
      for (const address of ['10.200.0.1', '::ffff:10.200.0.1', '2001:db8::9', '192.0.2.7'])
        await app.resolveApiKey(key, address);
      for (const address of ['11.0.0.1', '::ffff:11.0.0.1', '2001:db9::9', '192.0.2.8', '', undefined])
        await assertRefused(app.resolveApiKey(key, address), 'unauthenticated');
    });

    it('are refused as those that never were', async () => {
      const { key } = await create({ allowedNetworks: ['10.0.0.0/8'] });
      const elsewhere = await assertRefused(app.resolveApiKey(key, '11.0.0.1'), 'unauthenticated');
      const unknown = await assertRefused(app.resolveApiKey('wsk_nothing', '11.0.0.1'), 'unauthenticated');
      assert.equal(elsewhere.message, unknown.message);
    });

    it('are refused what is no network, each named', async () => {
      for (const network of ['example.com', '10.0.0.0/33', '10.1', '*', ''])
        await assertRefused(
          create({ allowedNetworks: ['10.0.0.1', network] }),
          'validation',
          'allowedNetworks.1',
        );
      const many = Array.from({ length: 51 }, (_, index) => `10.0.0.${index}`);
      await assertRefused(create({ allowedNetworks: many }), 'validation', 'allowedNetworks');
    });

    it('can be bound to others later, by their own person only', async () => {
      const { id, key } = await create();
      await app.perform(acme.caller, 'api_keys.update', { id, allowedNetworks: ['10.0.0.0/8'] });
      await assertRefused(app.resolveApiKey(key, '11.0.0.1'), 'unauthenticated');
      const renamed = ApiKey.parse(await app.perform(acme.caller, 'api_keys.update', { id, name: 'Deploy' }));
      assert.deepEqual([renamed.name, renamed.allowedNetworks], ['Deploy', ['10.0.0.0/8']]);
      const { caller } = await buildMember(app, acme, 'admin');
      await assertRefused(app.perform(caller, 'api_keys.update', { id, allowedNetworks: [] }), 'not_found');
    });

    describe('over HTTP', () => {
      let direct: ServedApp;
      let proxied: ServedApp;
      before(async () => {
        direct = await serve(app);
        proxied = await serve(app, { trustProxy: 1 });
      });
      after(() => Promise.all([direct.close(), proxied.close()]));

      it('count the address of the connection, not one that the client claims', async () => {
        const { key, id } = await create({ allowedNetworks: ['203.0.113.9'], scopes: ['identity:read'] });
        const ask = async ({ url }: ServedApp, forwarded: string) => {
          const headers = { 'x-api-key': key, 'x-forwarded-for': forwarded };
          return (await fetch(`${url}/v1/me`, { headers })).status;
        };
        assert.equal(await ask(direct, '203.0.113.9'), 401);
        assert.equal(await ask(proxied, '203.0.113.9'), 200);
        assert.equal(await ask(proxied, '203.0.113.9, 198.51.100.1'), 401);
        const { items } = Listed.parse(await app.perform(acme.caller, 'api_keys.list', {}));
        assert.equal(items.find((item) => item.id === id)?.lastUsedIp, '203.0.113.9');
      });
    });
  });

  describe('that are rotated', () => {
    it('are good beside the one before for a day, and both are listed', async () => {
      const old = await create();
      const fresh = await rotate(old.id);
      assert.notEqual(fresh.key, old.key);
      const [a, b] = [await app.resolveApiKey(old.key), await app.resolveApiKey(fresh.key)];
      assert.deepEqual(a, b);
      const { items } = Listed.parse(await app.perform(acme.caller, 'api_keys.list', {}));
      const listed = items.find(({ id }) => id === old.id);
      assert.deepEqual([listed?.prefix, listed?.previousPrefix], [fresh.prefix, old.prefix]);
      const hours =
        (Date.parse(listed?.previousUntil ?? '') - Date.parse(listed?.rotatedAt ?? '')) / 3_600_000;
      assert.equal(hours, 24);
    });

    it('end the one before when the overlap is over, or at once', async () => {
      const old = await create();
      const second = await rotate(old.id);
      await change(old.id, { previousUntil: sql`now() - interval '1 second'` });
      await assertRefused(app.resolveApiKey(old.key), 'unauthenticated');
      const third = await rotate(old.id, { overlapHours: 0 });
      await assertRefused(app.resolveApiKey(second.key), 'unauthenticated');
      await app.resolveApiKey(third.key);
    });

    it('are not rotated away while the one before is good, not by two clicks at once either', async () => {
      const old = await create();
      const clicks = await Promise.allSettled([rotate(old.id), rotate(old.id)]);
      assert.deepEqual(clicks.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      await app.resolveApiKey(old.key);
      await assertRefused(rotate(old.id), 'conflict');
      const forced = await rotate(old.id, { endPrevious: true });
      await assertRefused(app.resolveApiKey(old.key), 'unauthenticated');
      await app.resolveApiKey(forced.key);
    });

    it('end both when they are revoked', async () => {
      const old = await create();
      const fresh = await rotate(old.id);
      await app.perform(acme.caller, 'api_keys.revoke', { id: old.id });
      for (const key of [old.key, fresh.key]) await assertRefused(app.resolveApiKey(key), 'unauthenticated');
      await assertRefused(rotate(old.id), 'not_found');
    });

    it('are refused an overlap beyond seven days, and one of less than nothing', async () => {
      const { id } = await create();
      for (const overlapHours of [169, -1, 1.5])
        await assertRefused(rotate(id, { overlapHours }), 'validation', 'overlapHours');
    });

    it('are not rotated by others: who could, would act as their person', async () => {
      const { id } = await create();
      const { caller } = await buildMember(app, acme, 'admin');
      await assertRefused(rotate(id, {}, caller), 'not_found');
    });

    it('are not rotated by a narrower key, but by themselves', async () => {
      const wide = await create({ scopes: ['tasks:*', 'api_keys:update'] });
      const narrow = await app.resolveApiKey((await create({ scopes: ['api_keys:update'] })).key);
      await assertRefused(rotate(wide.id, {}, narrow), 'forbidden');
      await rotate(wide.id, {}, await app.resolveApiKey(wide.key));
    });
  });

  describe('of an organization with a limit', () => {
    let strict: BuiltOrganization;
    before(async () => {
      strict = await buildOrganization(app);
      await app.perform(strict.caller, 'api_keys.update_rules', { maxDays: 90 });
    });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const daysOf = (moment: string | null) =>
      Math.round((Date.parse(moment ?? '') - Date.now()) / 86_400_000);

    it('end then at the latest, also when nothing is said', async () => {
      assert.equal(daysOf((await create({}, strict.caller)).expiresAt), 90);
      assert.equal(daysOf((await create({ expiresAt: inDays(10) }, strict.caller)).expiresAt), 10);
      assert.equal(daysOf((await create({ expiresAt: inDays(90) }, strict.caller)).expiresAt), 90);
      await assertRefused(create({ expiresAt: inDays(91) }, strict.caller), 'validation', 'expiresAt');
    });

    it('keep their end when they are rotated, and get none beyond the limit', async () => {
      const { id } = await create({ expiresAt: inDays(10) }, strict.caller);
      assert.equal(daysOf((await rotate(id, { overlapHours: 0 }, strict.caller)).expiresAt), 10);
      await assertRefused(
        rotate(id, { overlapHours: 0, expiresAt: inDays(91) }, strict.caller),
        'validation',
        'expiresAt',
      );
      assert.equal(
        daysOf((await rotate(id, { overlapHours: 0, expiresAt: inDays(60) }, strict.caller)).expiresAt),
        60,
      );
    });

    it('get an end when they had none and are rotated', async () => {
      const other = await buildOrganization(app);
      const { id } = await create({}, other.caller);
      await app.perform(other.caller, 'api_keys.update_rules', { maxDays: 7 });
      assert.equal(daysOf((await rotate(id, {}, other.caller)).expiresAt), 7);
    });

    it('have a limit that owners and admins set, and all who have keys see', async () => {
      const { caller } = await buildMember(app, strict, 'member');
      await assertRefused(app.perform(caller, 'api_keys.update_rules', { maxDays: null }), 'forbidden');
      const rules = await app.perform(caller, 'api_keys.get_rules', {});
      assert.deepEqual(rules, { id: strict.orgId, maxDays: 90 });
      for (const maxDays of [0, 3651, 1.5, 'ever'])
        await assertRefused(
          app.perform(strict.caller, 'api_keys.update_rules', { maxDays }),
          'validation',
          'maxDays',
        );
    });
  });
});
