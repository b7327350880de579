import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isOfPlatform } from '#core/action.js';
import { platformOrgId } from '#core/platform.js';
import { auditLog, sessions } from '#db/schema/index.js';
import { createAdmin } from '#domains/identity/super-users/create-admin.js';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type BuiltSuperUser, buildSuperUser, signInToPlatform } from '../builders/build-super-user.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';

const Id = z.object({ id: z.uuid() });
const Page = z.object({
  items: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
});
const Entries = z.object({
  items: z.array(
    z.looseObject({
      action: z.string(),
      principalKind: z.string(),
      principalId: z.string(),
      position: z.int().nullable(),
    }),
  ),
});

describe('a super-user', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let sue: BuiltSuperUser;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    [acme, sue] = await Promise.all([buildOrganization(system.app), buildSuperUser(system.app)]);
  });

  const perform = (caller: Caller, action: string, input: object = {}, options = {}) =>
    system.app.perform(caller, action, input, options);
  const platformActions = () =>
    [...system.app.services.catalogue.actions.values()].filter(({ permission }) => isOfPlatform(permission));
  /** An input that each of them takes. */
  const inputFor = (action: string) => {
    const organizationId = acme.orgId;
    const inputs: Record<string, object> = {
      'tenants.get': { organizationId },
      'tenants.set_plan': { organizationId, plan: 'pro' },
      'tenants.set_flag': { organizationId, name: 'work', imposed: false },
      'tenants.suspend': { organizationId, reason: 'Unpaid' },
      'tenants.resume': { organizationId },
      'support.enter': { organizationId, grantId: randomUUID() },
      'support.leave': { organizationId, id: randomUUID() },
      'super_users.add': { email: `${randomUUID()}@example.com` },
      'super_users.remove': { id: sue.userId },
    };
    return inputs[action] ?? {};
  };
  const changeSession = (of: BuiltSuperUser['caller'], set: object) =>
    system.app.services.database.withOrg(platformOrgId, (db) =>
      db.update(sessions).set(set).where(eq(sessions.id, of.sessionId)),
    );

  it('has no right in any organization, and no role of theirs reaches the platform', async () => {
    const admin = await buildMember(system.app, acme, 'admin');
    const key = z
      .object({ key: z.string() })
      .parse(await perform(acme.caller, 'api_keys.create', { name: 'Key', scopes: ['tasks:read'] }));
    const all: Caller = {
      ...(await system.app.resolveApiKey(key.key)),
      scopes: ['*', 'platform:*'],
    } as Caller;
    assert.ok(platformActions().length > 10);
    for (const { name } of platformActions()) {
      for (const caller of [acme.caller, admin.caller, all]) {
        await assertRefused(perform(caller, name, inputFor(name)), 'forbidden');
      }
    }
    for (const { name, permission } of system.app.services.catalogue.actions.values()) {
      const isOpen = ['public', 'self', 'identity:read'].includes(permission) || isOfPlatform(permission);
      if (!isOpen) await assertRefused(perform(sue.caller, name), 'forbidden');
    }
  });

  it('gets into no organization by naming it in a session of the platform', async () => {
    await assertRefused(perform({ ...sue.caller, orgId: acme.orgId }, 'projects.list'), 'forbidden');
    const visit: Caller = {
      kind: 'support',
      orgId: acme.orgId,
      userId: sue.userId,
      visitId: sue.caller.sessionId,
    };
    await assertRefused(perform(visit, 'projects.list'), 'unauthenticated');
  });

  it('is nothing that those who edit roles and keys are shown, or can give', async () => {
    const shown = JSON.stringify(await perform(acme.caller, 'permissions.list'));
    assert.doesNotMatch(shown, /platform:/);
    for (const permissions of [['platform:read'], ['platform:*']]) {
      const role = { key: 'sly', name: 'Sly', permissions };
      await assertRefused(perform(acme.caller, 'roles.create', role), 'validation', 'permissions.0');
      const key = { name: 'Key', scopes: permissions };
      await assertRefused(perform(acme.caller, 'api_keys.create', key), 'validation', 'scopes.0');
    }
  });

  it('gains nothing by a role that was written past all checks', async () => {
    await system.app.services.database.withOrg(acme.orgId, (db) =>
      db.execute(sql`UPDATE roles SET permissions = '{*,platform:*,platform:read}' WHERE key = 'owner'`),
    );
    await assertRefused(perform(acme.caller, 'tenants.list'), 'forbidden');
  });

  it('needs a second factor, whatever they do', async () => {
    const caller = await signInToPlatform(system.app, sue.userId, ['password']);
    for (const { name } of platformActions()) {
      await assertRefused(perform(caller, name, inputFor(name)), 'step_up_required');
    }
    await perform(sue.caller, 'tenants.list');
  });

  it('needs a recent sign-in to change something', async () => {
    await changeSession(sue.caller, { authenticatedAt: sql`now() - interval '11 minutes'` });
    await perform(sue.caller, 'tenants.get', { organizationId: acme.orgId });
    const changing = platformActions().filter(
      ({ name, effect }) => effect !== 'read' && name !== 'support.leave',
    );
    assert.ok(changing.length > 6);
    for (const { name } of changing) {
      await assertRefused(perform(sue.caller, name, inputFor(name)), 'step_up_required');
    }
  });

  it('loses everything with the session', async () => {
    await changeSession(sue.caller, { revokedAt: sql`now()` });
    await assertRefused(perform(sue.caller, 'tenants.list'), 'unauthenticated');
  });

  it('lists super-users in pages, adds one with an account and one without, and removes them', async () => {
    const member = await buildMember(system.app, acme, 'member');
    const added = z
      .looseObject({ id: z.uuid() })
      .parse(await perform(sue.caller, 'super_users.add', { email: member.email.toUpperCase() }));
    assert.equal(added.id, member.userId);
    assert.deepEqual(await perform(sue.caller, 'super_users.add', { email: member.email }), added);
    const theirs = await signInToPlatform(system.app, member.userId);
    await perform(theirs, 'tenants.list');
    const email = `new-${randomUUID()}@example.com`;
    const fresh = Id.parse(await perform(sue.caller, 'super_users.add', { email, name: 'Nora New' }));
    const { text } = await system.mailbox.receivedAbout(email, /super-user/);
    assert.match(text ?? '', /\/account\/reset-password\/wse_/);

    const listed = new Set<string>();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: z.output<typeof Page> = Page.parse(
        await perform(sue.caller, 'super_users.list', { limit: 2, ...(cursor && { cursor }) }),
      );
      for (const { id } of page.items) listed.add(id);
      cursor = page.nextCursor;
    }
    for (const id of [sue.userId, member.userId, fresh.id]) assert.ok(listed.has(id));

    await perform(sue.caller, 'super_users.remove', { id: member.userId });
    await assertRefused(perform(theirs, 'tenants.list'), 'forbidden');
    await assertRefused(perform(sue.caller, 'super_users.remove', { id: member.userId }), 'not_found');
    await perform(member.caller, 'identity.me');
  });

  it('is never the last one to go, however many are removed at once', async () => {
    const people = [sue, await buildSuperUser(system.app)];
    const ids = people.map(({ userId }) => userId);
    await system.app.services.database.withOrg(platformOrgId, async (db) => {
      const others = await db.execute<{ id: string }>(sql`SELECT user_id AS id FROM super_users`);
      for (const { id } of others) {
        if (!ids.includes(id)) await db.execute(sql`DELETE FROM super_users WHERE user_id = ${id}`);
      }
    });
    const outcomes = await Promise.allSettled(
      people.map(({ caller, userId }) => perform(caller, 'super_users.remove', { id: userId })),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const [left] = people.filter((_, index) => outcomes[index]?.status === 'rejected');
    assert.ok(left);
    await assertRefused(perform(left.caller, 'super_users.remove', { id: left.userId }), 'conflict');
    await perform(left.caller, 'super_users.list');
  });

  it('is told of in the log of the platform, which is sealed and not rewritten, reads included', async () => {
    await perform(sue.caller, 'tenants.list');
    await perform(sue.caller, 'platform.health');
    const { id } = Id.parse(
      await perform(sue.caller, 'super_users.add', { email: `${randomUUID()}@example.com` }),
    );
    const { items } = Entries.parse(
      await perform(sue.caller, 'platform.list_audit', { principalId: sue.userId, limit: 4 }),
    );
    assert.deepEqual(items.map(({ action, principalKind }) => [action, principalKind]).slice(0, 3), [
      ['super_users.add', 'super_user'],
      ['platform.health', 'super_user'],
      ['tenants.list', 'super_user'],
    ]);
    assert.equal(items[0]?.targetId, id);
    for (const statement of [sql`UPDATE audit_log SET action = 'x.y'`, sql`DELETE FROM audit_log`]) {
      const rewritten = system.app.services.database.withOrg(platformOrgId, (db) => db.execute(statement));
      await assert.rejects(rewritten, (error: Error) =>
        /permission denied|append-only/.test(String(error.cause)),
      );
    }
    await eventually('they have their place in the chain', async () => {
      const page = Entries.parse(await perform(sue.caller, 'platform.list_audit', { targetId: id }));
      return page.items[0]?.position === null ? undefined : page.items[0]?.position;
    });
    const own = await perform(acme.caller, 'audit.list', {});
    assert.ok(!JSON.stringify(own).includes(sue.userId), 'and not in the log of an organization');
  });

  it('is made by whoever runs the host, once, with a link to set a password', async () => {
    const email = `first-${randomUUID()}@example.com`;
    const made = await createAdmin(system.app.services, { email, name: undefined });
    assert.ok(made.isNew && typeof made.link === 'object');
    const token = made.link.url.split('/').at(-1) ?? '';
    const anonymous: Caller = { kind: 'anonymous' };
    await perform(anonymous, 'identity.reset_password', { token, password: 'a wholly new password' });
    const answer = await perform(anonymous, 'identity.log_in', { email, password: 'a wholly new password' });
    assert.equal(Object(answer).status, 'enroll_second_factor', 'a password alone lets nobody in');
    const again = await createAdmin(system.app.services, { email, name: 'Other' });
    assert.deepEqual([again.userId, again.isNew, again.link], [made.userId, false, 'none']);
    const rows = await system.app.services.database.withOrg(platformOrgId, (db) =>
      db.select({ kind: auditLog.principalKind }).from(auditLog).where(eq(auditLog.targetId, made.userId)),
    );
    assert.equal(rows.filter(({ kind }) => kind === 'operator').length, 1);
  });
});
