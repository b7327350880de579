import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { apiKeys, members } from '#db/schema/index.js';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildTask } from '#test/builders/build-task.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { ApiKey, makeApiKey } from './api-key.js';
import { hashToken } from './bound-token.js';
import { resolveApiKey } from './resolve-api-key.js';

const Created = ApiKey.extend({ key: z.string() });
const Listed = z.object({ items: z.array(ApiKey.loose()), nextCursor: z.string().nullable() });

describe('API keys', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const create = async (caller: Caller, fields: object = {}) =>
    Created.parse(
      await app.perform(caller, 'api_keys.create', { name: 'CI', scopes: ['tasks:read'], ...fields }),
    );
  const list = async (caller: Caller, input: object = {}) =>
    Listed.parse(await app.perform(caller, 'api_keys.list', input));
  const resolve = (key: string) => resolveApiKey(app.services.database, key);

  function readRow(id: string) {
    return app.services.database.withOrg(acme.orgId, async (transaction) => {
      const [row] = await transaction.select().from(apiKeys).where(eq(apiKeys.id, id));
      assert.ok(row);
      return row;
    });
  }

  it('are shown once and kept as a hash', async () => {
    const { key, id, prefix } = await create(acme.caller);
    assert.match(key, /^wsk_[\w-]{86}$/);
    assert.equal((await readRow(id)).hash, hashToken(key));
    assert.equal(prefix, `${key.slice(0, 8)}…${key.slice(-4)}`);
    const listed = JSON.stringify(await list(acme.caller));
    assert.ok(!listed.includes(key) && !listed.includes(hashToken(key)));
  });

  it('lead to their organization, person and scopes', async () => {
    const { key, id } = await create(acme.caller, { scopes: ['tasks:read', 'projects:*', 'tasks:read'] });
    assert.deepEqual(await resolve(key), {
      kind: 'api_key',
      orgId: acme.orgId,
      keyId: id,
      userId: acme.userId,
      scopes: ['tasks:read', 'projects:*'],
    });
  });

  it('can do what their scopes allow and no more', async () => {
    const task = await buildTask(app, acme.caller);
    const caller = await resolve((await create(acme.caller)).key);
    await app.perform(caller, 'tasks.get', { id: task.id });
    await assertRefused(app.perform(caller, 'tasks.update', { id: task.id, title: 'x' }), 'forbidden');
    await assertRefused(app.perform(caller, 'projects.list', {}), 'forbidden');
  });

  it('are refused scopes that their maker does not hold, each named', async () => {
    const { caller } = await buildMember(app, acme, 'member');
    const scopes = ['tasks:read', 'projects:delete', 'members:*'];
    const error = await assertRefused(create(caller, { scopes }), 'validation', 'scopes.1');
    assert.deepEqual(
      error.issues.map(({ path }) => path),
      ['scopes.1', 'scopes.2'],
    );
    assert.match(error.message, /projects:delete/);
    await create(caller, { scopes: ['tasks:*', 'projects:read'] });
  });

  it('can not make keys, whatever their scopes', async () => {
    const caller = await resolve((await create(acme.caller, { scopes: ['api_keys:*', 'tasks:read'] })).key);
    await assertRefused(create(caller, { scopes: ['tasks:read'] }), 'forbidden');
  });

  it('are refused scopes that are no permissions, and an end in the past', async () => {
    for (const scope of ['tasks:fly', 'moon:read', 'moon:*', '*', 'tasks', 'tasks:', '*:*', 'public', 7]) {
      await assertRefused(create(acme.caller, { scopes: [scope] }), 'validation', 'scopes.0');
    }
    await assertRefused(create(acme.caller, { scopes: [] }), 'validation', 'scopes');
    await assertRefused(
      create(acme.caller, { expiresAt: '2020-01-01T00:00:00Z' }),
      'validation',
      'expiresAt',
    );
    await assertRefused(create(acme.caller, { name: '' }), 'validation', 'name');
  });

  it('are listed a page at a time', async () => {
    const { caller } = await buildOrganization(app);
    for (const name of ['a', 'b', 'c']) await create(caller, { name });
    const first = await list(caller, { limit: 2, sort: 'name' });
    const second = await list(caller, { limit: 2, sort: 'name', cursor: first.nextCursor });
    const names = [...first.items, ...second.items].map(({ name }) => name);
    assert.deepEqual([names, second.nextCursor], [['a', 'b', 'c'], null]);
  });

  it('are seen and revoked by their owner and by administrators only', async () => {
    const one = await buildMember(app, acme, 'member');
    const two = await buildMember(app, acme, 'member');
    const { id } = await create(one.caller);
    const sees = async (caller: Caller) =>
      (await list(caller, { limit: 200 })).items.some((item) => item.id === id);
    assert.deepEqual(
      [await sees(one.caller), await sees(two.caller), await sees(acme.caller)],
      [true, false, true],
    );
    await assertRefused(app.perform(two.caller, 'api_keys.revoke', { id }), 'not_found');
    await app.perform(acme.caller, 'api_keys.revoke', { id });
  });

  it('end at once when revoked, for good, and revoking twice is no error', async () => {
    const { id, key } = await create(acme.caller);
    await resolve(key);
    const revoked = ApiKey.parse(await app.perform(acme.caller, 'api_keys.revoke', { id }));
    assert.notEqual(revoked.revokedAt, null);
    await assertRefused(resolve(key), 'unauthenticated');
    const again = ApiKey.parse(await app.perform(acme.caller, 'api_keys.revoke', { id }));
    assert.equal(again.revokedAt, revoked.revokedAt);
    await assertRefused(app.perform(acme.caller, 'api_keys.revoke', { id: randomUUID() }), 'not_found');
  });

  it('end when they expire', async () => {
    const { id, key } = await create(acme.caller, { expiresAt: '2999-01-01T00:00:00+02:00' });
    await resolve(key);
    await app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .update(apiKeys)
        .set({ expiresAt: sql`now() - interval '1 second'` })
        .where(eq(apiKeys.id, id)),
    );
    await assertRefused(resolve(key), 'unauthenticated');
  });

  it('are refused alike when forged, cut, of another organization or garbage', async () => {
    const { id, key } = await create(acme.caller);
    const other = await buildOrganization(app, { name: 'Other' });
    const forged = [
      makeApiKey(acme.orgId, id),
      makeApiKey(other.orgId, id),
      makeApiKey(randomUUID(), id),
      key.slice(0, -1),
      `${key}A`,
      `wsk_${randomBytes(64).toString('base64url')}`,
      'wsk_',
      '',
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
    ];
    const messages = new Set<string>();
    for (const attempt of forged)
      messages.add((await assertRefused(resolve(attempt), 'unauthenticated')).message);
    assert.equal(messages.size, 1);
  });

  it('note when they were used, at most once a minute', async () => {
    const { id, key } = await create(acme.caller);
    assert.equal((await readRow(id)).lastUsedAt, null);
    await resolve(key);
    const { lastUsedAt } = await readRow(id);
    assert.notEqual(lastUsedAt, null);
    await resolve(key);
    assert.equal((await readRow(id)).lastUsedAt, lastUsedAt);
    await app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction
        .update(apiKeys)
        .set({ lastUsedAt: sql`now() - interval '61 seconds'` })
        .where(eq(apiKeys.id, id)),
    );
    await resolve(key);
    assert.ok(Date.parse((await readRow(id)).lastUsedAt ?? '') > Date.now() - 60_000);
  });

  it('lose what their person loses', async () => {
    const { caller } = await buildMember(app, acme, 'member');
    const { key } = await create(caller, { scopes: ['tasks:read'] });
    await app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.update(members).set({ status: 'deactivated' }).where(eq(members.userId, caller.userId)),
    );
    await assertRefused(app.perform(await resolve(key), 'tasks.list', {}), 'forbidden');
  });
});
