import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { roles, ssoConnections } from '#db/schema/index.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildSsoConnection, proveDomain, roleIdOf } from '#test/builders/build-sso-connection.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';

const settings = { issuer: 'https://login.example.com', clientId: 'client', clientSecret: 'hush-hush' };
const Discovered = z.object({
  password: z.boolean(),
  connections: z.array(z.object({ startUrl: z.string() })),
});

describe('single sign-on connections', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  it('keep their secret sealed, and never show it', async () => {
    const { id } = await buildSsoConnection(app, acme, settings);
    const [row] = await app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.select({ secret: ssoConnections.secret }).from(ssoConnections),
    );
    assert.match(row?.secret ?? '', /^v1:/);
    const shown = JSON.stringify([
      await app.perform(acme.caller, 'sso_connections.get', { id }),
      await app.perform(acme.caller, 'sso_connections.list', {}),
      await app.perform(acme.caller, 'sso_connections.update', { id, name: 'New' }),
    ]);
    assert.ok(!shown.includes('hush') && !shown.includes('secret'), shown);
  });

  it('lose their secret with their issuer, so that it is not sent to another', async () => {
    const { id } = await buildSsoConnection(app, acme, settings);
    await app.perform(acme.caller, 'sso_connections.update', { id, issuer: 'https://elsewhere.example' });
    const [row] = await app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.select({ secret: ssoConnections.secret }).from(ssoConnections),
    );
    assert.equal(row?.secret, null);
  });

  it('give no more than their maker holds, in default and mapping, when made and when saved', async () => {
    const limited = await buildMember(app, acme, 'manager');
    await app.services.database.withOrg(acme.orgId, async (transaction) => {
      const [role] = await transaction.select().from(roles).where(eq(roles.key, 'manager'));
      await transaction
        .update(roles)
        .set({ permissions: [...(role?.permissions ?? []), 'sso_connections:*'] })
        .where(and(eq(roles.orgId, acme.orgId), eq(roles.key, 'manager')));
    });
    const [owner, admin, manager, member] = await Promise.all(
      ['owner', 'admin', 'manager', 'member'].map((key) => roleIdOf(app, acme.orgId, key)),
    );
    const create = (caller: BuiltOrganization['caller'], more: object) =>
      app.perform(caller, 'sso_connections.create', { kind: 'oidc', name: 'C', ...settings, ...more });
    const mapped = (roleId: string | undefined) => ({
      defaultRoleId: member,
      roleMapping: [
        { value: 'a', roleId: manager },
        { value: 'b', roleId },
      ],
    });
    await create(limited.caller, { defaultRoleId: manager });
    await assertRefused(create(limited.caller, { defaultRoleId: admin }), 'validation', 'defaultRoleId');
    await assertRefused(create(limited.caller, mapped(admin)), 'validation', 'roleMapping.1.roleId');
    await assertRefused(create(acme.caller, { defaultRoleId: owner }), 'validation', 'defaultRoleId');
    await assertRefused(create(acme.caller, mapped(owner)), 'validation', 'roleMapping.1.roleId');
    await assertRefused(create(acme.caller, mapped(randomUUID())), 'validation', 'roleMapping.1.roleId');

    const { id } = await buildSsoConnection(app, acme, { ...settings, ...mapped(admin) });
    const rename = { id, name: 'Mine' };
    await assertRefused(
      app.perform(limited.caller, 'sso_connections.update', rename),
      'validation',
      'roleMapping.1.roleId',
    );
    await app.perform(acme.caller, 'sso_connections.update', rename);
  });

  it('refuse what their kind lacks, and a provider that is everybody’s', async () => {
    const make = (more: object) => buildSsoConnection(app, acme, { ...settings, ...more });
    await assertRefused(make({ clientId: null }), 'validation', 'clientId');
    await assertRefused(make({ issuer: 'not an address' }), 'validation', 'issuer');
    await assertRefused(make({ issuer: 'https://a.example/?x=1' }), 'validation', 'issuer');
    for (const tenant of ['common', 'organizations', 'consumers']) {
      const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`;
      await assertRefused(make({ issuer }), 'validation', 'issuer');
    }
    await assertRefused(make({ kind: 'saml' }), 'validation', 'ssoUrl');
    await assertRefused(make({ certificates: ['nonsense'] }), 'validation', 'certificates.0');
    await assertRefused(make({ domains: ['ex ample.com'] }), 'validation', 'domains.0');
  });

  it('are managed by those only who may', async () => {
    const member = await buildMember(app, acme, 'member');
    await assertRefused(app.perform(member.caller, 'sso_connections.list', {}), 'forbidden');
    await assertRefused(buildSsoConnection(app, { ...acme, caller: member.caller }, settings), 'forbidden');
  });

  it('are discovered by their proven domains, alike for all addresses', async () => {
    const [domain, unproven] = [`${randomUUID()}.example`, `${randomUUID()}.example`];
    await proveDomain(app, acme.orgId, domain);
    const connection = await buildSsoConnection(app, acme, { ...settings, domains: [domain, unproven] });
    const discover = async (email: string) =>
      Discovered.parse(await app.perform({ kind: 'anonymous' }, 'sign_in.discover', { email }));
    const known = await discover(acme.email);
    assert.deepEqual(known, await discover(`nobody-${randomUUID()}@example.com`));
    assert.deepEqual(known.connections, []);
    const found = await discover(`anybody@${domain.toUpperCase()}`);
    assert.deepEqual(
      found.connections.map(({ startUrl }) => startUrl),
      [connection.startUrl],
    );
    assert.deepEqual((await discover(`anybody@${unproven}`)).connections, []);
    assert.deepEqual((await discover(`anybody@sub.${domain}`)).connections, []);
    await app.perform(acme.caller, 'sso_connections.delete', { id: connection.id });
    assert.deepEqual((await discover(`anybody@${domain}`)).connections, []);
  });
});
