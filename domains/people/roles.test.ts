import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildMemberWith, buildRole, memberOf, roleWithKey } from '#test/builders/build-role.js';
import { type TestSystem, testSystem } from '#test/system.js';
import { Role } from './role.js';

const Groups = z.object({
  items: z.array(
    z.object({
      resource: z.string(),
      permissions: z.array(z.looseObject({ permission: z.string(), description: z.string() })),
    }),
  ),
});

describe('roles', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await testSystem();
    acme = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object, caller = acme.caller) =>
    system.app.perform(caller, action, input);

  it('allow what they hold, from the moment they are changed', async () => {
    const { caller, role } = await buildMemberWith(system.app, acme, ['projects:read']);
    await perform('projects.list', {}, caller);
    await assertRefused(perform('tasks.list', {}, caller), 'forbidden');
    const changed = Role.parse(
      await perform('roles.update', { id: role.id, permissions: ['tasks:*'], version: role.version }),
    );
    await perform('tasks.list', {}, caller);
    await assertRefused(perform('projects.list', {}, caller), 'forbidden');
    const stale = { id: role.id, permissions: [], version: role.version };
    await assertRefused(perform('roles.update', stale), 'conflict', 'version');
    assert.equal(changed.version, role.version + 1);
  });

  it('are made of permissions that some action asks for', async () => {
    for (const permission of ['tasks:fly', 'flights:*', '*', 'public', 'tasks']) {
      await assertRefused(buildRole(system.app, acme.caller, [permission]), 'validation', 'permissions.0');
    }
    await buildRole(system.app, acme.caller, ['tasks:*', 'projects:read'], 'planner');
    await assertRefused(buildRole(system.app, acme.caller, [], 'planner'), 'conflict', 'key');
  });

  it('that came with the organization stay as they are', async () => {
    for (const key of ['owner', 'admin', 'manager', 'member', 'guest']) {
      const { id, isDefault } = await roleWithKey(system.app, acme.caller, key);
      assert.equal(isDefault, true);
      await assertRefused(perform('roles.update', { id, permissions: [] }), 'forbidden');
      await assertRefused(perform('roles.delete', { id }), 'forbidden');
    }
  });

  it('that people have are deleted only for another, and come back empty', async () => {
    const { userId, role } = await buildMemberWith(system.app, acme, ['tasks:read']);
    const { id } = role;
    const guest = await roleWithKey(system.app, acme.caller, 'guest');
    await assertRefused(perform('roles.delete', { id }), 'conflict', 'replacementId');
    await assertRefused(perform('roles.delete', { id, replacementId: id }), 'validation', 'replacementId');
    await perform('roles.delete', { id, replacementId: guest.id });
    const member = await memberOf(system.app, acme.caller, userId);
    assert.equal(member.role.key, 'guest');
    const giveIt = () => perform('members.update', { id: member.id, roleId: id });
    await assertRefused(giveIt(), 'validation', 'roleId');
    await perform('roles.restore', { id });
    assert.equal((await memberOf(system.app, acme.caller, userId)).role.key, 'guest');
    await giveIt();
  });

  it('go to nobody while they are deleted at the same moment', async () => {
    const { userId } = await buildMember(system.app, acme, 'member');
    const { id } = await memberOf(system.app, acme.caller, userId);
    const role = await buildRole(system.app, acme.caller, ['tasks:read']);
    const done = await Promise.allSettled([
      perform('members.update', { id, roleId: role.id }),
      perform('roles.delete', { id: role.id }),
    ]);
    assert.deepEqual(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('can be made of every permission that is listed', async () => {
    const { items } = Groups.parse(await perform('permissions.list', {}));
    const listed = items.flatMap(({ permissions }) => permissions.map(({ permission }) => permission));
    assert.deepEqual(listed.sort(), [...system.app.services.catalogue.permissions]);
    assert.ok(items.every(({ permissions }) => permissions.every(({ description }) => description !== '')));
    await buildRole(system.app, acme.caller, listed);
  });
});
