import assert from 'node:assert/strict';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { members, scimTokens } from '#db/schema/index.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { openOwner } from '../owner.js';
import { testSystem } from '../system.js';
import { buildProvisioned, type ScimClient } from './scim-client.js';

const Token = z.object({ id: z.uuid(), token: z.string() });

describe('SCIM tokens', () => {
  let system: ServedSystem;
  let scim: ScimClient;
  before(async () => {
    system = await serveSystem();
  });
  beforeEach(async () => {
    scim = await buildProvisioned(system);
  });
  const statusWith = async (token: string) => (await scim.call('GET', '/Users', undefined, token)).status;

  it('are kept as a hash and shown once', async () => {
    const rows = await system.app.services.database.withOrg(scim.organization.orgId, (transaction) =>
      transaction.select().from(scimTokens),
    );
    const shown = await system.app.perform(scim.organization.caller, 'scim_tokens.list', {});
    assert.ok(!JSON.stringify([rows, shown]).includes(scim.token.slice(12)));
  });

  it('are the only credential below /scim, and good for nothing else', async () => {
    const { accessToken, orgId } = scim.organization;
    for (const token of [
      accessToken,
      'wsk_x',
      'wss_x',
      `${scim.token.slice(0, -1)}x`,
      scim.token.slice(0, -1),
    ]) {
      assert.equal(await statusWith(token), 401, token.slice(0, 8));
    }
    const without = await fetch(`${system.address}/scim/v2/Users`);
    assert.equal(without.status, 401);
    assert.match(without.headers.get('www-authenticate') ?? '', /Bearer/);
    const elsewhere = await fetch(`${system.address}/v1/members`, {
      headers: { authorization: `Bearer ${scim.token}` },
    });
    assert.equal(elsewhere.status, 401);
    const caller = { kind: 'scim', orgId, tokenId: scim.tokenId, userId: scim.organization.userId } as const;
    for (const action of ['members.list', 'tasks.list', 'api_keys.list']) {
      await assertRefused(system.app.perform(caller, action, {}), 'forbidden');
    }
  });

  it('end when they are revoked or expire', async () => {
    const { caller } = scim.organization;
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const made = Token.parse(
      await system.app.perform(caller, 'scim_tokens.create', { name: 'Short', expiresAt }),
    );
    assert.equal(await statusWith(made.token), 200);
    const { stack } = await testSystem();
    await openOwner(stack)`UPDATE scim_tokens SET expires_at = now() WHERE id = ${made.id}`;
    assert.equal(await statusWith(made.token), 401);
    await system.app.perform(caller, 'scim_tokens.revoke', { id: scim.tokenId });
    assert.equal(await statusWith(scim.token), 401);
    await assertRefused(system.app.perform(caller, 'scim_tokens.rotate', { id: scim.tokenId }), 'not_found');
  });

  it('are rotated with an overlap, in which both are good', async () => {
    const { caller } = scim.organization;
    const next = Token.parse(await system.app.perform(caller, 'scim_tokens.rotate', { id: scim.tokenId }));
    assert.deepEqual([await statusWith(scim.token), await statusWith(next.token)], [200, 200]);
    const last = Token.parse(
      await system.app.perform(caller, 'scim_tokens.rotate', { id: next.id, overlapHours: 0 }),
    );
    assert.deepEqual([await statusWith(next.token), await statusWith(last.token)], [401, 200]);
  });

  it('are made by those only who may, and outlive who made them', async () => {
    const member = await buildMember(system.app, scim.organization, 'member');
    await assertRefused(system.app.perform(member.caller, 'scim_tokens.create', { name: 'X' }), 'forbidden');
    const admin = await buildMember(system.app, scim.organization, 'admin');
    const made = Token.parse(await system.app.perform(admin.caller, 'scim_tokens.create', { name: 'X' }));
    await system.app.services.database.withOrg(scim.organization.orgId, (transaction) =>
      transaction.update(members).set({ status: 'deactivated' }).where(eq(members.userId, admin.userId)),
    );
    assert.equal(await statusWith(made.token), 200, 'people have to be let go all the same');
  });

  it('describe the service', async () => {
    const config = z
      .looseObject({
        patch: z.object({ supported: z.boolean() }),
        filter: z.object({ supported: z.boolean() }),
      })
      .parse((await scim.call('GET', '/ServiceProviderConfig')).body);
    assert.deepEqual([config.patch.supported, config.filter.supported], [true, true]);
    for (const path of ['/ResourceTypes', '/Schemas']) {
      const { body } = await scim.call('GET', path);
      const { Resources } = z
        .looseObject({ Resources: z.array(z.looseObject({ id: z.string() })) })
        .parse(body);
      for (const { id } of Resources) assert.equal((await scim.call('GET', `${path}/${id}`)).status, 200, id);
    }
  });

  it('get errors in the form of SCIM', async () => {
    await scim.refused(404, 'GET', '/Nothing');
    await scim.refused(400, 'POST', '/Users', []);
    await scim.refused(400, 'POST', '/Users', {});
    await scim.refused(400, 'GET', '/Users?count=many');
    const response = await fetch(`${system.address}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'text/plain' },
      body: 'x',
    });
    assert.equal(response.status, 415);
    const broken = await fetch(`${system.address}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'application/scim+json' },
      body: '{"userName":',
    });
    assert.equal(broken.status, 400);
  });
});
