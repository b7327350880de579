import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildRole, memberOf, roleWithKey } from '../builders/build-role.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';

const Entries = z.object({ items: z.array(z.object({ id: z.string() })) });
const Values = z.record(z.string(), z.unknown()).optional();
const Entry = z.object({ details: z.object({ before: Values, after: Values }).nullable() });
const Id = z.looseObject({ id: z.string() });
const Invite = z.looseObject({ id: z.string(), expiresAt: z.string(), code: z.string().optional() });

interface Change {
  before?: object;
  after?: object;
}

describe('the audit log tells what was before and after', () => {
  let system: SignInSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object) => system.app.perform(organization.caller, action, input);

  /** Of the newest entry of an action. */
  async function changeOf(action: string) {
    const { items } = Entries.parse(await perform('audit.list', { action, limit: 1 }));
    return Entry.parse(await perform('audit.get', { id: items[0]?.id })).details;
  }

  const role = (key: string) => roleWithKey(system.app, organization.caller, key);
  async function member() {
    const { userId } = await buildMember(system.app, organization, 'member');
    return memberOf(system.app, organization.caller, userId);
  }
  async function invite(fields: object = {}) {
    const { id: roleId } = await role('guest');
    const made = await perform('invites.send', { email: 'new@example.com', roleId, ...fields });
    return Invite.parse(made);
  }
  const guest = { key: 'guest', name: 'Guest' };

  /** Each performs the action and returns what its entry tells. */
  const changes: [string, () => Promise<Change>][] = [
    [
      'members.update',
      async () => {
        const { id, roleId } = await member();
        const manager = await role('manager');
        await perform('members.update', { id, title: 'Lead', roleId: manager.id });
        return { before: { title: '', roleId }, after: { title: 'Lead', roleId: manager.id } };
      },
    ],
    [
      'members.deactivate',
      async () => {
        await perform('members.deactivate', { id: (await member()).id });
        return { before: { status: 'active' }, after: { status: 'deactivated' } };
      },
    ],
    [
      'members.reactivate',
      async () => {
        const { id } = await member();
        await perform('members.deactivate', { id });
        await perform('members.reactivate', { id });
        return { before: { status: 'deactivated' }, after: { status: 'active' } };
      },
    ],
    [
      'members.remove',
      async () => {
        await perform('members.remove', { id: (await member()).id });
        return { before: { status: 'active' }, after: { status: 'removed' } };
      },
    ],
    [
      'roles.create',
      async () => {
        const permissions = ['tasks:read'];
        const { key } = await buildRole(system.app, organization.caller, permissions);
        return { after: { key, name: key, description: '', permissions } };
      },
    ],
    [
      'roles.update',
      async () => {
        const { id } = await buildRole(system.app, organization.caller, ['tasks:read']);
        await perform('roles.update', { id, permissions: ['tasks:*'] });
        return { before: { permissions: ['tasks:read'] }, after: { permissions: ['tasks:*'] } };
      },
    ],
    [
      'roles.delete',
      async () => {
        const { id } = await buildRole(system.app, organization.caller, ['tasks:read']);
        const { deletedAt } = z
          .looseObject({ deletedAt: z.string() })
          .parse(await perform('roles.delete', { id }));
        return { before: { deletedAt: null }, after: { deletedAt, replacementId: null } };
      },
    ],
    [
      'organization.update_settings',
      async () => {
        await perform('organization.update_settings', { name: 'Umbrella', timeZone: 'UTC' });
        await perform('organization.update_settings', { name: 'Other', timeZone: 'UTC' });
        return { before: { name: 'Umbrella' }, after: { name: 'Other' } };
      },
    ],
    [
      'organization.update_sign_in_rules',
      async () => {
        await perform('organization.update_sign_in_rules', { idleMinutes: 30 });
        return { before: { idleMinutes: 7 * 24 * 60 }, after: { idleMinutes: 30 } };
      },
    ],
    [
      'invites.send',
      async () => {
        const { expiresAt } = await invite();
        const fields = {
          kind: 'mail',
          email: 'new@example.com',
          role: guest,
          departmentId: null,
          maxUses: 1,
        };
        return { after: { ...fields, expiresAt } };
      },
    ],
    [
      'invites.create_code',
      async () => {
        const { id: roleId } = await role('guest');
        const { expiresAt } = Invite.parse(await perform('invites.create_code', { roleId, maxUses: 3 }));
        const fields = { kind: 'code', email: null, role: guest, departmentId: null, maxUses: 3 };
        return { after: { ...fields, expiresAt } };
      },
    ],
    [
      'invites.resend',
      async () => {
        const { id, expiresAt } = await invite();
        const again = Invite.parse(await perform('invites.resend', { id }));
        return { before: { expiresAt }, after: { expiresAt: again.expiresAt } };
      },
    ],
    [
      'invites.revoke',
      async () => {
        await perform('invites.revoke', { id: (await invite()).id });
        return { before: { status: 'open' }, after: { status: 'revoked' } };
      },
    ],
    [
      'invites.join',
      async () => {
        const other = await buildOrganization(system.app);
        const { id: roleId } = await role('guest');
        const { code } = Invite.parse(await perform('invites.create_code', { roleId }));
        await system.app.perform(other.caller, 'invites.join', { code });
        return { after: { roleId, by: 'invite' } };
      },
    ],
    [
      'flags.set',
      async () => {
        await perform('flags.set', { name: 'invite_codes', isOn: false });
        return { before: { invite_codes: true }, after: { invite_codes: false } };
      },
    ],
    [
      'retention.update',
      async () => {
        await perform('retention.update', { kind: 'runs', days: 60 });
        await perform('retention.update', { kind: 'runs', days: 50 });
        return { before: { runs: 60 }, after: { runs: 50 } };
      },
    ],
    [
      'api_keys.update',
      async () => {
        const { id } = Id.parse(await perform('api_keys.create', { name: 'CI', scopes: ['tasks:read'] }));
        await perform('api_keys.update', { id, name: 'CI', allowedNetworks: ['10.0.0.0/8'] });
        return { before: { allowedNetworks: [] }, after: { allowedNetworks: ['10.0.0.0/8'] } };
      },
    ],
  ];
  for (const [action, change] of changes) {
    it(`of ${action}`, async () => {
      const expected = await change();
      assert.deepEqual(await changeOf(action), expected);
    });
  }

  it('and nothing where nothing was changed', async () => {
    const { id } = await member();
    await perform('members.update', { id, title: '' });
    assert.equal(await changeOf('members.update'), null);
  });
});
