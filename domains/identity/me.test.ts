import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';

const Items = z.object({ items: z.array(z.looseObject({})), nextCursor: z.string().nullable() });

describe('who is who', () => {
  let app: BuilderApp;
  before(async () => {
    ({ app } = await testSystem());
  });

  it('identity.me shows person, organization, role and permissions', async () => {
    const { caller, email, orgId, userId } = await buildOrganization(app, { name: 'Acme' });
    const shown = z
      .looseObject({ organization: z.looseObject({ id: z.string(), name: z.string() }) })
      .parse(await app.perform(caller, 'identity.me', {}));
    assert.deepEqual(shown.user, { id: userId, name: 'Olivia Owner', email });
    assert.deepEqual([shown.organization.id, shown.organization.name], [orgId, 'Acme']);
    assert.deepEqual(shown.role, { key: 'owner', name: 'Owner' });
    assert.deepEqual([shown.permissions, shown.scopes], [['*'], null]);
  });

  it('identity.list_organizations shows where the person is an active member, and no other', async () => {
    const acme = await buildOrganization(app, { name: 'Acme' });
    await buildOrganization(app, { name: 'Other' });
    const { items } = z
      .object({ items: z.array(z.looseObject({ id: z.string() })) })
      .parse(await app.perform(acme.caller, 'identity.list_organizations', {}));
    assert.deepEqual(
      items.map(({ id }) => id),
      [acme.orgId],
    );
  });

  it('identity.rename changes the name of whoever asks, in all of their organizations, and of nobody else', async () => {
    const acme = await buildOrganization(app);
    const other = await buildMember(app, acme, 'member');
    await app.perform(acme.caller, 'identity.rename', { name: 'Olga Owner' });
    const { items } = Items.parse(await app.perform(acme.caller, 'members.list', { sort: 'createdAt' }));
    assert.deepEqual(
      items.map(({ userId, name }) => [userId, name]),
      [
        [acme.userId, 'Olga Owner'],
        [other.userId, 'A member'],
      ],
    );
    await assertRefused(app.perform(acme.caller, 'identity.rename', { name: ' ' }), 'validation', 'name');
  });

  it('identity.me needs a credential', async () => {
    await assertRefused(app.perform({ kind: 'anonymous' }, 'identity.me', {}), 'unauthenticated');
  });

  it('members.list shows the people of the organization, page by page, and no password', async () => {
    const acme = await buildOrganization(app);
    await buildOrganization(app, { name: 'Other' });
    for (const role of ['manager', 'guest']) await buildMember(app, acme, role);
    const first = Items.parse(await app.perform(acme.caller, 'members.list', { limit: 2 }));
    const rest = Items.parse(
      await app.perform(acme.caller, 'members.list', { limit: 2, cursor: first.nextCursor }),
    );
    const found = [...first.items, ...rest.items];
    assert.deepEqual(
      found.map(({ role }) => role),
      [
        { key: 'owner', name: 'Owner' },
        { key: 'manager', name: 'Manager' },
        { key: 'guest', name: 'Guest' },
      ],
    );
    assert.equal(rest.nextCursor, null);
    assert.doesNotMatch(JSON.stringify(found), /argon2|assword/);
  });

  it('roles.list shows the roles and what they may do', async () => {
    const { caller } = await buildOrganization(app);
    const { items } = Items.parse(await app.perform(caller, 'roles.list', { sort: 'name' }));
    assert.deepEqual(
      items.map(({ key }) => key),
      ['admin', 'guest', 'manager', 'member', 'owner'],
    );
    const guest = items.find(({ key }) => key === 'guest');
    assert.ok(z.array(z.string()).parse(guest?.permissions).includes('tasks:read'));
  });
});
