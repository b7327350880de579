import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { totpOf } from '#domains/identity/second-factor/verify-totp.js';
import type { SecurityKind } from '#runtime/security/security-kinds.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildRole, memberOf, roleWithKey } from '../builders/build-role.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { eventually } from '../eventually.js';
import { createAuthenticator } from '../sign-in/authenticator.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';

const Events = z.object({ items: z.array(z.object({ type: z.string() })) });
const Id = z.looseObject({ id: z.string() });
const ShownKey = z.object({ id: z.string(), key: z.string() });
const Setup = z.object({ secret: z.string() });
const Challenge = z.object({ challenge: z.string(), options: z.looseObject({}) });
const origin = { ip: '203.0.113.9', network: '203.0.113.9', userAgent: 'Test/1.0' };

describe('an act that concerns the safety of accounts', () => {
  let system: SignInSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await signInSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object = {}) =>
    system.app.perform(organization.caller, action, input, { origin });
  const list = (kind: SecurityKind, { caller }: Pick<BuiltOrganization, 'caller'> = organization) =>
    listSecurityEvents(system.app, caller, kind);
  const anonymously = (action: string, input: object) =>
    system.app.perform({ kind: 'anonymous' }, action, input, { origin });

  const makeRole = () => buildRole(system.app, organization.caller, ['tasks:read']);
  const makeKey = async (fields: object = {}) =>
    ShownKey.parse(await perform('api_keys.create', { name: 'Robot', scopes: ['tasks:read'], ...fields }));
  async function setUpApp() {
    const { secret } = Setup.parse(await perform('totp.begin'));
    await perform('totp.confirm', { code: totpOf(secret).generate() });
  }
  async function addPasskey() {
    const { challenge, options } = Challenge.parse(await perform('passkeys.begin'));
    const response = createAuthenticator().create(options, { origin: system.address });
    return Id.parse(await perform('passkeys.create', { name: 'Laptop', challenge, response }));
  }
  async function resetPassword(of: BuiltOrganization) {
    await anonymously('identity.request_password_reset', { email: of.email });
    const { text } = await system.mailbox.receivedAbout(of.email, /password/i);
    const token = /\/account\/[\w-]+\/(wse_[\w-]+)/.exec(text ?? '')?.[1];
    await anonymously('identity.reset_password', { token, password: 'a wholly new password' });
  }

  /** Each returns what its event says of it. */
  const acts: [string, SecurityKind, () => Promise<object>][] = [
    [
      'making a role',
      'role_changed',
      async () => {
        const { id, key } = await makeRole();
        return { roleId: id, key, change: 'created' };
      },
    ],
    [
      'giving a role other permissions',
      'role_changed',
      async () => {
        const { id, key } = await makeRole();
        await perform('roles.update', { id, permissions: ['tasks:read', 'tasks:create'] });
        return { roleId: id, key, change: 'permissions' };
      },
    ],
    [
      'deleting a role',
      'role_changed',
      async () => {
        const { id, key } = await makeRole();
        await perform('roles.delete', { id });
        return { roleId: id, key, change: 'deleted' };
      },
    ],
    [
      'restoring a role',
      'role_changed',
      async () => {
        const { id, key } = await makeRole();
        await perform('roles.delete', { id });
        await perform('roles.restore', { id });
        return { roleId: id, key, change: 'restored' };
      },
    ],
    [
      'confirming an authenticator app',
      'second_factor_changed',
      async () => {
        await setUpApp();
        return { factor: 'totp', change: 'added' };
      },
    ],
    [
      'removing the authenticator app',
      'second_factor_changed',
      async () => {
        await setUpApp();
        await perform('totp.disable');
        return { factor: 'totp', change: 'removed' };
      },
    ],
    [
      'making new recovery codes',
      'second_factor_changed',
      async () => {
        await setUpApp();
        await perform('recovery_codes.regenerate');
        return { factor: 'recovery_codes', change: 'replaced' };
      },
    ],
    [
      'adding a passkey',
      'second_factor_changed',
      async () => {
        await addPasskey();
        return { factor: 'passkey', change: 'added' };
      },
    ],
    [
      'removing a passkey',
      'second_factor_changed',
      async () => {
        const { id } = await addPasskey();
        await perform('passkeys.delete', { id });
        return { factor: 'passkey', change: 'removed' };
      },
    ],
    [
      'rotating an API key',
      'api_key_created',
      async () => {
        const { id } = await makeKey();
        await perform('api_keys.rotate', { id });
        return { apiKeyId: id, name: 'Robot', change: 'rotated' };
      },
    ],
    [
      'exporting data',
      'export',
      async () => {
        const { id } = Id.parse(await perform('exports.create', { subject: 'person' }));
        return { exportId: id, subject: 'person' };
      },
    ],
  ];
  for (const [name, kind, act] of acts) {
    it(`is told of: ${name}`, async () => {
      const details = await act();
      const [event] = await list(kind);
      assert.deepEqual(event?.details, details);
      assert.equal(event.principalId, organization.userId);
      const { items } = Events.parse(await perform('events.list', { type: `security.${kind}` }));
      assert.equal(items.length, (await list(kind)).length);
    });
  }

  it('is told of: giving a member another role, and not anything else', async () => {
    const { userId } = await buildMember(system.app, organization, 'member');
    const { id, roleId } = await memberOf(system.app, organization.caller, userId);
    await perform('members.update', { id, title: 'Engineer', roleId });
    assert.deepEqual(await list('member_role_changed'), []);
    const manager = await roleWithKey(system.app, organization.caller, 'manager');
    await perform('members.update', { id, roleId: manager.id });
    const [event] = await list('member_role_changed');
    assert.deepEqual(event?.details, { fromRoleId: roleId, toRoleId: manager.id });
    assert.deepEqual([event.userId, event.principalId, event.ip], [userId, organization.userId, origin.ip]);
  });

  it('is told of: transferring ownership, of both', async () => {
    const member = await buildMember(system.app, organization, 'member');
    await perform('organization.transfer_ownership', { userId: member.userId });
    const events = await list('member_role_changed');
    assert.deepEqual(
      new Set(events.map(({ userId }) => userId)),
      new Set([organization.userId, member.userId]),
    );
  });

  it('is not told of where a role only has another name', async () => {
    const { id } = await makeRole();
    await perform('roles.update', { id, name: 'Other' });
    assert.equal((await list('role_changed')).length, 1);
  });

  it('is told of to each organization of the person: setting a password by a mailed link', async () => {
    const other = await buildOrganization(system.app);
    await joinBy(other);
    // All sessions of the person end by it.
    const admin = await buildMember(system.app, organization, 'admin');
    await resetPassword(organization);
    for (const of of [admin, other]) {
      const [event] = await list('password_changed', of);
      assert.deepEqual([event?.userId, event?.ip], [organization.userId, origin.ip]);
    }
  });

  /** Makes the organization's owner a member of another one. */
  async function joinBy(other: BuiltOrganization) {
    const { id: roleId } = await roleWithKey(system.app, other.caller, 'member');
    const made = await system.app.perform(other.caller, 'invites.create_code', { roleId });
    const { code } = z.object({ code: z.string() }).parse(made);
    await perform('invites.join', { code });
  }

  it('is told of, counted: blocking log-ins of a person who is known, and of nobody else', async () => {
    const logIn = (email: string) =>
      anonymously('identity.log_in', { email, password: 'not the password' }).then(
        () => 'in',
        ({ code }: { code: string }) => code,
      );
    const outcomes: string[] = [];
    for (let tries = 0; tries < 7; tries += 1) outcomes.push(await logIn(organization.email));
    const blocked = outcomes.filter((outcome) => outcome === 'limit_exceeded').length;
    assert.ok(blocked > 0, outcomes.join());
    const nobody = `${randomUUID()}@example.com`;
    for (let tries = 0; tries < 7; tries += 1) await logIn(nobody);
    const events = await eventually('all are counted', async () => {
      const found = await list('log_in_blocked');
      return found.reduce((sum, { count }) => sum + count, 0) >= blocked ? found : undefined;
    });
    assert.equal(events[0]?.userId, organization.userId);
    assert.equal(
      events.reduce((sum, { count }) => sum + count, 0),
      blocked,
    );
  });

  it('is told of, counted: an API key that comes from a network for which it is not good', async () => {
    const { id, key } = await makeKey({ allowedNetworks: ['10.0.0.0/8'] });
    const refused = (secret: string) =>
      assertRefused(system.app.resolveApiKey(secret, '203.0.113.9'), 'unauthenticated');
    await refused(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`);
    for (let tries = 0; tries < 3; tries += 1) await refused(key);
    const [event] = await eventually('all are counted', async () => {
      const found = await list('api_key_used_from_new_network');
      return found.reduce((sum, { count }) => sum + count, 0) >= 3 ? found : undefined;
    });
    assert.deepEqual(event?.details, { apiKeyId: id });
    assert.deepEqual([event.userId, event.principalId, event.ip], [organization.userId, id, '203.0.113.9']);
  });
});
