import assert from 'node:assert/strict';
import { z } from 'zod';
import { Member } from '#runtime/membership/member.js';
import { manual, set } from '#test/automation/nodes.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildAutomation } from '#test/builders/build-automation.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { memberOf, roleWithKey } from '#test/builders/build-role.js';
import { type TestSystem, workingSystem } from '#test/system.js';

const Members = z.object({ items: z.array(Member) });
const Key = z.object({ id: z.uuid(), key: z.string() });

describe('members', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object, caller = acme.caller) =>
    system.app.perform(caller, action, input);
  const find = (userId: string) => memberOf(system.app, acme.caller, userId);
  const list = async (input: object) =>
    Members.parse(await perform('members.list', input)).items.map(({ userId }) => userId);
  const addOwner = async () => {
    const second = await buildMember(system.app, acme, 'admin');
    const { id: roleId } = await roleWithKey(system.app, acme.caller, 'owner');
    const { id } = await find(second.userId);
    await perform('members.update', { id, roleId });
    return { ...second, id };
  };

  it('are found by part of name or address, role and status', async () => {
    const manager = await buildMember(system.app, acme, 'manager');
    const guest = await buildMember(system.app, acme, 'guest');
    assert.deepEqual(await list({ q: 'A MANAG' }), [manager.userId]);
    assert.deepEqual(await list({ q: guest.email.slice(0, 20) }), [guest.userId]);
    assert.deepEqual(await list({ q: '%' }), []);
    assert.deepEqual(await list({ role: 'guest' }), [guest.userId]);
    await perform('members.deactivate', { id: (await find(guest.userId)).id });
    assert.deepEqual(await list({ status: 'deactivated' }), [guest.userId]);
  });

  it('report to active members, and not in a circle', async () => {
    const [one, two] = [
      await buildMember(system.app, acme, 'member'),
      await buildMember(system.app, acme, 'member'),
    ];
    const [first, second] = [await find(one.userId), await find(two.userId)];
    await perform('members.update', { id: first.id, managerId: two.userId, title: 'Clerk' });
    assert.deepEqual(
      [(await find(one.userId)).managerId, (await find(one.userId)).title],
      [two.userId, 'Clerk'],
    );
    for (const managerId of [one.userId, two.userId]) {
      await assertRefused(perform('members.update', { id: second.id, managerId }), 'validation', 'managerId');
    }
  });

  it('can do nothing from the moment they are deactivated, by no credential, until they are back', async () => {
    const person = await buildMember(system.app, acme, 'manager');
    const { key } = Key.parse(
      await perform('api_keys.create', { name: 'Key', scopes: ['tasks:read'] }, person.caller),
    );
    const byKey = await system.app.resolveApiKey(key);
    const { id } = await find(person.userId);
    await perform('members.deactivate', { id });
    for (const caller of [person.caller, byKey]) {
      await assertRefused(system.app.perform(caller, 'tasks.list', {}), 'forbidden');
    }
    await assertRefused(perform('members.deactivate', { id }), 'conflict');
    await perform('members.reactivate', { id });
    await system.app.perform(byKey, 'tasks.list', {});
    await system.app.perform(person.caller, 'tasks.list', {});
  });

  it('leave with their keys when they are removed; what they made stays', async () => {
    const person = await buildMember(system.app, acme, 'manager');
    const made = Key.parse(
      await perform('api_keys.create', { name: 'Key', scopes: ['tasks:read'] }, person.caller),
    );
    const { id } = await find(person.userId);
    await perform('members.remove', { id });
    await assertRefused(system.app.resolveApiKey(made.key), 'unauthenticated');
    assert.ok(!(await list({})).includes(person.userId));
    assert.deepEqual(await list({ status: 'removed' }), [person.userId]);
    await assertRefused(perform('members.reactivate', { id }), 'not_found');
    await assertRefused(perform('members.update', { id, title: 'Ghost' }), 'not_found');
  });

  it('take the right to act from their automations, of which the owners are told', async () => {
    const person = await buildMember(system.app, acme, 'manager');
    const definition = manual([set('note', {})], 'trigger > note');
    await buildAutomation(system.app, person.caller, { ...definition, name: 'Nightly report' });
    await perform('members.remove', { id: (await find(person.userId)).id });
    const [mail] = await system.mailbox.received(acme.email);
    assert.match(mail?.subject ?? '', /can no longer act: 1 automation/);
  });

  describe('who own the organization', () => {
    it('can not all be removed, deactivated or demoted', async () => {
      const { id } = await find(acme.userId);
      const { id: roleId } = await roleWithKey(system.app, acme.caller, 'admin');
      await assertRefused(perform('members.update', { id, roleId }), 'conflict');
      await assertRefused(perform('members.deactivate', { id }), 'conflict');
      await assertRefused(perform('members.remove', { id }), 'conflict');
    });

    for (const action of ['members.deactivate', 'members.remove', 'members.update']) {
      it(`stay one when two do ${action} to each other at once`, async () => {
        const second = await addOwner();
        const { id: roleId } = await roleWithKey(system.app, acme.caller, 'admin');
        const more = action === 'members.update' ? { roleId } : {};
        const first = await find(acme.userId);
        const done = await Promise.allSettled([
          perform(action, { id: second.id, ...more }),
          perform(action, { id: first.id, ...more }, second.caller),
        ]);
        assert.deepEqual(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      });
    }

    it('can give ownership away, and are admins then', async () => {
      const heir = await buildMember(system.app, acme, 'member');
      await perform('organization.transfer_ownership', { userId: heir.userId });
      assert.equal((await memberOf(system.app, heir.caller, heir.userId)).role.key, 'owner');
      assert.equal((await find(acme.userId)).role.key, 'admin');
      await assertRefused(perform('organization.transfer_ownership', { userId: acme.userId }), 'forbidden');
    });

    it('give it to active members only', async () => {
      const gone = await buildMember(system.app, acme, 'member');
      await perform('members.deactivate', { id: (await find(gone.userId)).id });
      const stranger = await buildOrganization(system.app);
      for (const userId of [gone.userId, stranger.userId, acme.userId]) {
        await assertRefused(perform('organization.transfer_ownership', { userId }), 'validation', 'userId');
      }
    });
  });
});
