import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, type ErrorCode, isErrorCode } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import { createTask, manual, type TestNode } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildMemberWith, buildRole, memberOf, roleWithKey } from '../builders/build-role.js';
import { buildSuperUser } from '../builders/build-super-user.js';
import { runOnce } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';

const Id = z.object({ id: z.uuid() });
const WithKey = z.object({ id: z.uuid(), key: z.string() });
const WithCode = z.object({ id: z.uuid(), code: z.string() });

/** What the maker of everything here holds: much about people, little about work. */
const held = [
  'roles:*',
  'members:read',
  'members:update',
  'members:deactivate',
  'members:remove',
  'invites:*',
  'api_keys:*',
  'automations:*',
  'runs:read',
  'identity:read',
  'tasks:read',
] as const;

interface World {
  acme: BuiltOrganization;
  maker: BuiltMember & { role: { id: string } };
  admin: BuiltMember;
  /** Holds less than the maker. */
  narrow: { id: string };
  /** Holds `tasks:*` too. */
  wide: { id: string };
  roleId(key: string): Promise<string>;
  memberId(userId: string): Promise<string>;
  /** A key of a person, narrowed to these scopes. */
  keyOf(person: Caller, scopes: readonly string[]): Promise<Caller>;
}

interface Attempt {
  by: 'custom role' | 'API key' | 'invite' | 'grant' | 'automation' | 'support' | 'super-user';
  tries: string;
  code: ErrorCode;
  path?: string;
  attempt(world: World): Promise<unknown>;
}

describe('nobody gives, takes or reaches more than they have', () => {
  let system: TestSystem;
  let world: World;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    const acme = await buildOrganization(system.app);
    const maker = await buildMemberWith(system.app, acme, held);
    world = {
      acme,
      maker,
      admin: await buildMember(system.app, acme, 'admin'),
      narrow: await buildRole(system.app, acme.caller, ['tasks:read']),
      wide: await buildRole(system.app, acme.caller, ['tasks:*', 'tasks:read']),
      roleId: async (key) => (await roleWithKey(system.app, acme.caller, key)).id,
      memberId: async (userId) => (await memberOf(system.app, acme.caller, userId)).id,
      async keyOf(person, scopes) {
        const made = await perform(person, 'api_keys.create', { name: 'Key', scopes });
        return system.app.resolveApiKey(WithKey.parse(made).key);
      },
    };
  });

  const perform = (caller: Caller, action: string, input: object) =>
    system.app.perform(caller, action, input);
  const accept = (code: string) => {
    const email = `new-${randomUUID()}@example.com`;
    const input = { code, email, name: 'Nora New', password: 'correct horse battery' };
    return perform({ kind: 'anonymous' }, 'invites.accept', input);
  };
  const codeBy = async (caller: Caller, roleId: string) =>
    WithCode.parse(await perform(caller, 'invites.create_code', { roleId }));
  const demote = async ({ acme, maker, memberId, roleId }: World) =>
    perform(acme.caller, 'members.update', {
      id: await memberId(maker.userId),
      roleId: await roleId('guest'),
    });
  const step = (action: string, input: object): TestNode => ({ id: 'step', type: 'action', action, input });
  /** Runs an automation of one step and throws what the step failed with. */
  const runStep = async (caller: Caller, node: TestNode) => {
    const { error } = await runOnce(system.app, caller, manual([node], 'trigger > step'));
    if (error && isErrorCode(error.code)) throw new AppError(error.code, error.message);
  };

  /** A super-user who was let in with a role. */
  const visit = async ({ orgId, caller }: BuiltOrganization, roleId: string): Promise<Caller> => {
    const granted = { reason: 'A question', hours: 1, roleId };
    const { id: grantId } = Id.parse(await perform(caller, 'support_access.grant', granted));
    const sue = await buildSuperUser(system.app);
    const entered = await perform(sue.caller, 'support.enter', { organizationId: orgId, grantId });
    return { kind: 'support', orgId, userId: sue.userId, visitId: Id.parse(entered).id };
  };

  const table: readonly Attempt[] = [
    {
      by: 'custom role',
      tries: 'to hold what its maker does not',
      code: 'validation',
      path: 'permissions.1',
      attempt: ({ maker }) =>
        perform(maker.caller, 'roles.create', {
          key: 'wider',
          name: 'Wider',
          permissions: ['tasks:read', 'tasks:create'],
        }),
    },
    {
      by: 'custom role',
      tries: 'to hold all of a resource of which its maker holds a part',
      code: 'validation',
      path: 'permissions.0',
      attempt: ({ maker }) => buildRole(system.app, maker.caller, ['tasks:*']),
    },
    {
      by: 'custom role',
      tries: 'to be everything, for an owner',
      code: 'validation',
      path: 'permissions.0',
      attempt: ({ acme }) => buildRole(system.app, acme.caller, ['*']),
    },
    {
      by: 'custom role',
      tries: 'to be widened by one who has it',
      code: 'validation',
      path: 'permissions.0',
      attempt: ({ maker }) =>
        perform(maker.caller, 'roles.update', {
          id: maker.role.id,
          permissions: ['projects:create', ...held],
        }),
    },
    {
      by: 'custom role',
      tries: 'to be narrowed by one who holds less',
      code: 'forbidden',
      attempt: ({ maker, wide }) => perform(maker.caller, 'roles.update', { id: wide.id, permissions: [] }),
    },
    {
      by: 'custom role',
      tries: 'to be deleted by one who holds less',
      code: 'forbidden',
      attempt: ({ maker, wide, narrow }) =>
        perform(maker.caller, 'roles.delete', { id: wide.id, replacementId: narrow.id }),
    },
    {
      by: 'custom role',
      tries: 'to be replaced by a wider one',
      code: 'validation',
      path: 'replacementId',
      attempt: ({ maker, wide, narrow }) =>
        perform(maker.caller, 'roles.delete', { id: narrow.id, replacementId: wide.id }),
    },
    {
      by: 'custom role',
      tries: 'to be brought back by one who holds less',
      code: 'forbidden',
      async attempt({ acme, maker, wide }) {
        await perform(acme.caller, 'roles.delete', { id: wide.id });
        return perform(maker.caller, 'roles.restore', { id: wide.id });
      },
    },
    {
      by: 'custom role',
      tries: 'to make its holder an admin',
      code: 'validation',
      path: 'roleId',
      attempt: async ({ maker, memberId, roleId }) =>
        perform(maker.caller, 'members.update', {
          id: await memberId(maker.userId),
          roleId: await roleId('admin'),
        }),
    },
    {
      by: 'custom role',
      tries: 'to give a wider one to somebody else',
      code: 'validation',
      path: 'roleId',
      async attempt({ acme, maker, narrow, wide, memberId }) {
        const somebody = await buildMember(system.app, acme, 'guest');
        const id = await memberId(somebody.userId);
        await perform(acme.caller, 'members.update', { id, roleId: narrow.id });
        return perform(maker.caller, 'members.update', { id, roleId: wide.id });
      },
    },
    {
      by: 'custom role',
      tries: 'to make an owner of an admin, who holds the same permissions',
      code: 'validation',
      path: 'roleId',
      attempt: async ({ admin, memberId, roleId }) =>
        perform(admin.caller, 'members.update', {
          id: await memberId(admin.userId),
          roleId: await roleId('owner'),
        }),
    },
    {
      by: 'custom role',
      tries: 'to take the role of an owner',
      code: 'forbidden',
      attempt: async ({ acme, admin, memberId, roleId }) =>
        perform(admin.caller, 'members.update', {
          id: await memberId(acme.userId),
          roleId: await roleId('guest'),
        }),
    },
    ...['members.deactivate', 'members.remove'].map(
      (action): Attempt => ({
        by: 'custom role',
        tries: `${action} on somebody who holds more`,
        code: 'forbidden',
        attempt: async ({ admin, maker, memberId }) =>
          perform(maker.caller, action, { id: await memberId(admin.userId) }),
      }),
    ),
    {
      by: 'API key',
      tries: 'to have a scope that its maker does not hold',
      code: 'validation',
      path: 'scopes.0',
      attempt: ({ maker, keyOf }) => keyOf(maker.caller, ['tasks:create']),
    },
    {
      by: 'API key',
      tries: 'to make another key, wider or not',
      code: 'forbidden',
      attempt: async ({ maker, keyOf }) =>
        keyOf(await keyOf(maker.caller, ['api_keys:create']), ['tasks:read']),
    },
    {
      by: 'API key',
      tries: 'to make a role of what its person holds, but not the key',
      code: 'validation',
      path: 'permissions.0',
      attempt: async ({ maker, keyOf }) =>
        buildRole(system.app, await keyOf(maker.caller, ['roles:create']), ['tasks:read']),
    },
    {
      by: 'API key',
      tries: 'to give a role that holds more than the key',
      code: 'validation',
      path: 'roleId',
      async attempt({ acme, admin, narrow, keyOf, memberId }) {
        const empty = await buildMemberWith(system.app, acme, []);
        const caller = await keyOf(admin.caller, ['members:update']);
        const id = await memberId(empty.userId);
        return perform(caller, 'members.update', { id, roleId: narrow.id });
      },
    },
    {
      by: 'API key',
      tries: 'to give away what an owner owns',
      code: 'forbidden',
      attempt: async ({ acme, admin, keyOf }) =>
        perform(await keyOf(acme.caller, ['organization:*']), 'organization.transfer_ownership', {
          userId: admin.userId,
        }),
    },
    {
      by: 'API key',
      tries: 'to do what its person may not do any more',
      code: 'forbidden',
      async attempt(all) {
        const caller = await all.keyOf(all.maker.caller, ['roles:read', 'roles:create']);
        await demote(all);
        return perform(caller, 'roles.list', {});
      },
    },
    {
      by: 'invite',
      tries: 'to give a role that holds more than its maker',
      code: 'validation',
      path: 'roleId',
      attempt: ({ maker, wide }) => codeBy(maker.caller, wide.id),
    },
    {
      by: 'invite',
      tries: 'to make an owner, by an admin',
      code: 'validation',
      path: 'roleId',
      attempt: async ({ admin, roleId }) => codeBy(admin.caller, await roleId('owner')),
    },
    {
      by: 'invite',
      tries: 'to give by a key what the key does not hold',
      code: 'validation',
      path: 'roleId',
      attempt: async ({ maker, narrow, keyOf }) =>
        codeBy(await keyOf(maker.caller, ['invites:create']), narrow.id),
    },
    {
      by: 'invite',
      tries: 'to give what its maker has lost since',
      code: 'not_found',
      async attempt(all) {
        const role = await buildRole(system.app, all.acme.caller, ['roles:read', 'tasks:read', 'runs:read']);
        const { code } = await codeBy(all.maker.caller, role.id);
        await demote(all);
        return accept(code);
      },
    },
    {
      by: 'invite',
      tries: 'to give what its role has got since',
      code: 'not_found',
      async attempt({ acme, maker, narrow }) {
        const { code } = await codeBy(maker.caller, narrow.id);
        await perform(acme.caller, 'roles.update', { id: narrow.id, permissions: ['tasks:*'] });
        return accept(code);
      },
    },
    {
      by: 'invite',
      tries: 'to be taken over by one who holds less',
      code: 'validation',
      path: 'id',
      async attempt({ acme, maker, wide }) {
        const email = `new-${randomUUID()}@example.com`;
        const { id } = Id.parse(await perform(acme.caller, 'invites.send', { email, roleId: wide.id }));
        return perform(maker.caller, 'invites.resend', { id });
      },
    },
    {
      by: 'grant',
      tries: 'to hold an action that its maker may not do',
      code: 'validation',
      attempt: async ({ acme, maker }) => {
        const { id } = await buildProject(system.app, acme.caller);
        const nodes = [createTask('step', id, 'Smuggled')];
        return buildAutomation(system.app, maker.caller, manual(nodes, 'trigger > step'));
      },
    },
    {
      by: 'grant',
      tries: 'to hold what was published by an owner, when somebody else publishes it again',
      code: 'validation',
      async attempt({ acme, maker }) {
        const project = await buildProject(system.app, acme.caller);
        const nodes = [createTask('step', project.id, 'Smuggled')];
        const definition = manual(nodes, 'trigger > step');
        const { id } = await buildAutomation(system.app, acme.caller, definition);
        return perform(maker.caller, 'automations.publish', { id });
      },
    },
    {
      by: 'grant',
      tries: 'to serve another automation than its own',
      code: 'forbidden',
      async attempt({ acme }) {
        const definition = chain({ type: 'manual' }, [step('tasks.list', {})]);
        const [own, other] = [
          await buildAutomation(system.app, acme.caller, definition),
          await buildAutomation(system.app, acme.caller, definition),
        ];
        const [{ grant_id: grantId = '' } = {}] = await system.app.services.database.withOrg(
          acme.orgId,
          (db) =>
            db.execute<{ grant_id: string }>(
              sql`SELECT grant_id FROM automation_versions WHERE automation_id = ${own.id}::uuid`,
            ),
        );
        const caller = { orgId: acme.orgId, automationId: other.id, grantId, runId: randomUUID(), depth: 0 };
        return perform({ kind: 'automation', ...caller }, 'tasks.list', {});
      },
    },
    {
      by: 'automation',
      tries: 'to make a role of what its publisher holds, but not its grant',
      code: 'validation',
      async attempt({ maker }) {
        const role = { key: 'made', name: 'Made', permissions: ['tasks:read'] };
        await runStep(maker.caller, step('roles.create', role));
      },
    },
    {
      by: 'automation',
      tries: 'to make an admin, published by an admin',
      code: 'forbidden',
      async attempt({ admin, maker, memberId, roleId }) {
        const input = { id: await memberId(maker.userId), roleId: await roleId('admin') };
        await runStep(admin.caller, step('members.update', input));
      },
    },
    {
      by: 'automation',
      tries: 'to invite with a role, published by an owner',
      code: 'validation',
      async attempt({ acme, roleId }) {
        const input = { roleId: await roleId('member') };
        await runStep(acme.caller, step('invites.create_code', input));
      },
    },
    {
      by: 'custom role',
      tries: 'to be one of the platform, for an owner',
      code: 'validation',
      path: 'permissions.0',
      attempt: ({ acme }) => buildRole(system.app, acme.caller, ['platform:*']),
    },
    {
      by: 'API key',
      tries: 'to be one of the platform, for an owner',
      code: 'validation',
      path: 'scopes.0',
      attempt: ({ acme, keyOf }) => keyOf(acme.caller, ['platform:read']),
    },
    {
      by: 'automation',
      tries: 'to do what is the platform’s, published by an owner',
      code: 'validation',
      async attempt({ acme }) {
        await runStep(acme.caller, step('tenants.set_plan', { organizationId: acme.orgId, plan: 'pro' }));
      },
    },
    {
      by: 'automation',
      tries: 'to let support in, published by an owner',
      code: 'validation',
      async attempt({ acme }) {
        await runStep(acme.caller, step('support_access.grant', { reason: 'Mine', hours: 72 }));
      },
    },
    {
      by: 'super-user',
      tries: 'to let themselves in',
      code: 'forbidden',
      async attempt() {
        const { caller } = await buildSuperUser(system.app);
        return perform(caller, 'support_access.grant', { reason: 'Mine', hours: 72 });
      },
    },
    {
      by: 'super-user',
      tries: 'to make themselves a member',
      code: 'forbidden',
      async attempt({ roleId }) {
        const { caller, email } = await buildSuperUser(system.app);
        return perform(caller, 'invites.send', { email, roleId: await roleId('admin') });
      },
    },
    {
      by: 'support',
      tries: 'to be let in for longer, by the role of admins',
      code: 'forbidden',
      async attempt({ acme, roleId }) {
        const caller = await visit(acme, await roleId('admin'));
        return perform(caller, 'support_access.grant', { reason: 'Mine', hours: 72 });
      },
    },
    {
      by: 'support',
      tries: 'to give itself a role, by the role of admins',
      code: 'forbidden',
      async attempt({ acme, maker, memberId, roleId }) {
        const caller = await visit(acme, await roleId('admin'));
        const input = { id: await memberId(maker.userId), roleId: await roleId('admin') };
        return perform(caller, 'members.update', input);
      },
    },
    {
      by: 'support',
      tries: 'to leave an automation behind, by the role of admins',
      code: 'forbidden',
      async attempt({ acme, roleId }) {
        const caller = await visit(acme, await roleId('admin'));
        return perform(caller, 'automations.create', { name: 'Stays', draft: {} });
      },
    },
    {
      by: 'support',
      tries: 'to be let in with a role that the granter does not hold',
      code: 'validation',
      path: 'roleId',
      async attempt({ acme, wide }) {
        const granter = await buildMemberWith(system.app, acme, ['support_access:grant', 'tasks:read']);
        const input = { reason: 'Theirs', hours: 1, roleId: wide.id };
        return perform(granter.caller, 'support_access.grant', input);
      },
    },
    {
      by: 'automation',
      tries: 'to give ownership away, published by an owner',
      code: 'validation',
      async attempt({ acme, admin }) {
        const input = { userId: admin.userId };
        await runStep(acme.caller, step('organization.transfer_ownership', input));
      },
    },
  ];

  for (const { by, tries, code, path, attempt } of table) {
    it(`${by} tries ${tries}: ${code}`, async () => {
      await assertRefused(attempt(world), code, path);
    });
  }

  it('while each within its bounds succeeds', async () => {
    const { maker, narrow, memberId, keyOf } = world;
    const role = await buildRole(system.app, maker.caller, ['tasks:read', 'members:read']);
    await keyOf(maker.caller, ['tasks:read']);
    await accept((await codeBy(maker.caller, role.id)).code);
    await perform(maker.caller, 'members.update', { id: await memberId(maker.userId), title: 'Maker' });
    await perform(maker.caller, 'roles.delete', { id: role.id, replacementId: narrow.id });
    const run = await runOnce(
      system.app,
      maker.caller,
      manual([step('roles.create', { key: 'empty', name: 'Empty', permissions: [] })], 'trigger > step'),
    );
    assert.equal(run.status, 'succeeded');
  });
});
