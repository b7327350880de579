import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { z } from 'zod';
import { platformOrgId } from '#core/platform.js';
import { isOpenToSupport } from '#core/support-reach.js';
import { events, sessions } from '#db/schema/index.js';
import { AuditEntry } from '#domains/compliance/audit/audit-entry.js';
import type { Caller } from '#runtime/caller.js';
import { pageOutput } from '#runtime/resource/page.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildMemberWith, buildRole, memberOf, roleWithKey } from '../builders/build-role.js';
import { type BuiltSuperUser, buildSuperUser, signInToPlatform } from '../builders/build-super-user.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { openBrowser } from '../sign-in/browser.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { workingSystem } from '../system.js';

const Id = z.object({ id: z.uuid() });
const Grant = z.looseObject({ id: z.uuid(), status: z.string(), visits: z.int() });
const Visit = z.object({ id: z.uuid(), accessToken: z.string(), isReadOnly: z.boolean() });
const Page = z.object({
  items: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
});
const Entries = pageOutput(AuditEntry);

describe('support access', () => {
  let system: SignInSystem;
  let owner: postgres.Sql;
  let acme: BuiltOrganization;
  let other: BuiltOrganization;
  let sue: BuiltSuperUser;
  let projectId: string;
  before(async () => {
    system = await signInSystem();
    owner = openOwner((await workingSystem()).stack);
  });
  beforeEach(async () => {
    [acme, other, sue] = await Promise.all([
      buildOrganization(system.app),
      buildOrganization(system.app),
      buildSuperUser(system.app),
    ]);
    projectId = (await buildProject(system.app, acme.caller)).id;
  });

  const perform = (caller: Caller, action: string, input: object = {}, options = {}) =>
    system.app.perform(caller, action, input, options);
  const grant = async (more: object = {}, by: Caller = acme.caller) =>
    Grant.parse(await perform(by, 'support_access.grant', { reason: 'A question', hours: 1, ...more }));
  const enter = async (grantId: string, by: Caller = sue.caller, organizationId = acme.orgId) => {
    const visit = Visit.parse(await perform(by, 'support.enter', { organizationId, grantId }));
    const { sessionId, isOfSupport, ...claims } = await system.app.services.accessTokens.verify(
      visit.accessToken,
    );
    assert.equal(isOfSupport, true);
    const caller: Caller = { kind: 'support', ...claims, visitId: sessionId };
    return { ...visit, caller };
  };
  const visitAs = async (roleKey: string) => {
    const role = await roleWithKey(system.app, acme.caller, roleKey);
    return enter((await grant({ roleId: role.id })).id);
  };
  const inAcme = (statement: ReturnType<typeof sql>) =>
    system.app.services.database.withOrg(acme.orgId, (db) => db.execute(statement));
  /** As whoever owns the tables could: the application can't move the end of a grant. */
  const expire = (grantId: string) => owner`
    UPDATE support_grants SET expires_at = now() - interval '1 second' WHERE id = ${grantId}`;

  it('lets nobody in without it, and in by it to read', async () => {
    const organizationId = acme.orgId;
    const without = { organizationId, grantId: randomUUID() };
    await assertRefused(perform(sue.caller, 'support.enter', without), 'not_found');
    await assertRefused(perform(sue.caller, 'projects.list'), 'forbidden');
    const { caller, isReadOnly } = await enter((await grant()).id);
    assert.equal(isReadOnly, true);
    const { items } = Page.parse(await perform(caller, 'projects.list'));
    assert.deepEqual(
      items.map(({ id }) => id),
      [projectId],
    );
    const task = { projectId, title: 'Taken' };
    await assertRefused(perform(caller, 'tasks.create', task), 'forbidden');
  });

  it('goes over HTTP by the token of the visit, in that organization only', async () => {
    const { accessToken } = await enter((await grant()).id);
    const browser = openBrowser(system.address);
    browser.accessToken = accessToken;
    assert.equal((await browser.ask('GET', '/v1/projects')).body.items.length, 1);
    assert.equal((await browser.ask('GET', '/v1/me')).status, 403);
    assert.equal((await browser.ask('GET', '/v1/platform/organizations')).status, 403);
    assert.equal((await browser.ask('GET', '/v1/sessions')).status, 403);
  });

  it('reaches nothing but what is open to support, whatever was granted', async () => {
    const { caller } = await visitAs('admin');
    const all = [...system.app.services.catalogue.actions.values()];
    for (const action of all.filter(({ permission }) => permission !== 'public')) {
      if (!isOpenToSupport(action, false)) await assertRefused(perform(caller, action.name), 'forbidden');
    }
    const open = all.filter((action) => isOpenToSupport(action, false)).map(({ permission }) => permission);
    const closed =
      /^(self|platform|api_keys|sso|scim|vault|exports|erasures|identity|invites|audit|security_events|support_access|compliance|billing)\b|^(roles|members|organization|automations|connections|approvals):(?!read)/;
    assert.deepEqual(
      open.filter((permission) => closed.test(permission)),
      [],
    );
    const reading = all.filter((action) => isOpenToSupport(action, true));
    assert.deepEqual(
      reading.filter(({ effect }) => effect !== 'read').map(({ name }) => name),
      [],
    );
  });

  it('does what the role may that was granted, on behalf of who granted it, and is marked in log and events', async () => {
    const { caller, id: visitId } = await visitAs('manager');
    const { id } = Id.parse(await perform(caller, 'tasks.create', { projectId, title: 'Helped' }));
    await perform(caller, 'tasks.get', { id });
    const { items } = Entries.parse(await perform(acme.caller, 'audit.list', { principalId: sue.userId }));
    const [read, made, entered] = items;
    assert.deepEqual(
      [read?.action, made?.action, entered?.action],
      ['tasks.get', 'tasks.create', 'support.enter'],
    );
    assert.match(made?.via ?? '', /^support_grant:[0-9a-f-]{36}$/);
    assert.deepEqual(
      [made?.principalKind, made?.onBehalfOf, made?.sessionId, read?.via],
      ['support', acme.userId, visitId, made?.via],
    );
    assert.deepEqual([entered?.principalKind, entered?.via], ['super_user', 'platform']);
    const told = await system.app.services.database.withOrg(acme.orgId, (db) =>
      db.select({ by: events.supportGrantId }).from(events).where(eq(events.type, 'task.created')),
    );
    assert.deepEqual(told, [{ by: made?.via?.split(':')[1] }]);
  });

  it('is within a role that the granter holds, never the owners’, and within their present rights', async () => {
    const owner = await roleWithKey(system.app, acme.caller, 'owner');
    const ask = { reason: 'A question', hours: 1 };
    await assertRefused(
      perform(acme.caller, 'support_access.grant', { ...ask, roleId: owner.id }),
      'validation',
      'roleId',
    );
    const granter = await buildMemberWith(system.app, acme, [
      'support_access:*',
      'tasks:read',
      'projects:read',
    ]);
    const wide = await buildRole(system.app, acme.caller, ['tasks:*', 'projects:read']);
    await assertRefused(
      perform(granter.caller, 'support_access.grant', { ...ask, roleId: wide.id }),
      'validation',
      'roleId',
    );
    for (const hours of [0, 73]) {
      await assertRefused(
        perform(acme.caller, 'support_access.grant', { reason: 'A', hours }),
        'validation',
        'hours',
      );
    }
    const { caller } = await enter((await grant({}, granter.caller)).id);
    await perform(caller, 'projects.list');
    await assertRefused(perform(caller, 'departments.list'), 'forbidden');
    const member = await memberOf(system.app, acme.caller, granter.userId);
    await perform(acme.caller, 'members.deactivate', { id: member.id });
    await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
  });

  it('is granted by who may, in person and just signed in', async () => {
    const member = await buildMember(system.app, acme, 'manager');
    const ask = { reason: 'A question', hours: 1 };
    await assertRefused(perform(member.caller, 'support_access.grant', ask), 'forbidden');
    await inAcme(sql`UPDATE sessions SET authenticated_at = now() - interval '11 minutes'`);
    await assertRefused(perform(acme.caller, 'support_access.grant', ask), 'step_up_required');
  });

  it('can’t be taken, widened or kept by whom it lets in', async () => {
    const { id: grantId } = await grant();
    const { caller, id } = await enter(grantId);
    const admin = await roleWithKey(system.app, acme.caller, 'admin');
    const wider = { reason: 'More', hours: 72, roleId: admin.id };
    for (const by of [caller, sue.caller, { ...sue.caller, orgId: acme.orgId }]) {
      await assertRefused(perform(by, 'support_access.grant', wider), 'forbidden');
      await assertRefused(perform(by, 'support_access.revoke', { id: grantId }), 'forbidden');
    }
    for (const column of ['expires_at', 'role_id', 'org_id']) {
      const widened = inAcme(sql.raw(`UPDATE support_grants SET ${column} = ${column}`));
      await assert.rejects(widened, (error: Error) => /permission denied/.test(String(error.cause)), column);
    }
    await perform(acme.caller, 'support_access.revoke', { id: grantId });
    const organizationId = acme.orgId;
    await assertRefused(perform(sue.caller, 'support.enter', { organizationId, grantId }), 'not_found');
    await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
    assert.deepEqual(
      await perform(sue.caller, 'support.leave', { organizationId, id }),
      await perform(sue.caller, 'support.leave', { organizationId, id }),
    );
  });

  it('is that of one organization', async () => {
    const { id: grantId } = await grant();
    const elsewhere = { organizationId: other.orgId, grantId };
    await assertRefused(perform(sue.caller, 'support.enter', elsewhere), 'not_found');
    const { caller } = await enter(grantId);
    assert.equal(caller.kind, 'support');
    await assertRefused(perform({ ...caller, orgId: other.orgId }, 'projects.list'), 'unauthenticated');
    const theirs = await buildProject(system.app, other.caller);
    await assertRefused(perform(caller, 'projects.get', { id: theirs.id }), 'not_found');
    const { items } = Entries.parse(await perform(other.caller, 'audit.list', { principalId: sue.userId }));
    assert.deepEqual(items, []);
  });

  it('ends in the middle of a visit when its time is over', async () => {
    const { id: grantId } = await grant();
    const { caller } = await enter(grantId);
    await perform(caller, 'projects.list');
    await expire(grantId);
    await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
    const organizationId = acme.orgId;
    await assertRefused(perform(sue.caller, 'support.enter', { organizationId, grantId }), 'not_found');
    const { items } = Page.parse(await perform(acme.caller, 'support_access.list', { status: 'expired' }));
    assert.deepEqual(
      items.map(({ id }) => id),
      [grantId],
    );
  });

  it('ends every visit at once when it is revoked', async () => {
    const { id: grantId } = await grant();
    const second = await buildSuperUser(system.app);
    const visits = [await enter(grantId), await enter(grantId), await enter(grantId, second.caller)];
    const revoked = Grant.parse(await perform(acme.caller, 'support_access.revoke', { id: grantId }));
    assert.deepEqual([revoked.status, revoked.visits], ['revoked', 3]);
    for (const { caller } of visits) await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
    const again = Grant.parse(await perform(acme.caller, 'support_access.revoke', { id: grantId }));
    assert.deepEqual(again, revoked);
  });

  it('ends with the sign-in to the platform, and with being a super-user', async () => {
    const { id: grantId } = await grant();
    const session = await signInToPlatform(system.app, sue.userId);
    const visit = await enter(grantId, session);
    await system.app.services.database.withOrg(platformOrgId, (db) =>
      db.update(sessions).set({ revokedAt: sql`now()` }).where(eq(sessions.id, session.sessionId)),
    );
    await assertRefused(perform(visit.caller, 'projects.list'), 'unauthenticated');
    const { caller } = await enter(grantId);
    const boss = await buildSuperUser(system.app);
    await perform(boss.caller, 'super_users.remove', { id: sue.userId });
    await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
  });

  it('is left by whose visit it is', async () => {
    const { id: grantId } = await grant();
    const { caller, id } = await enter(grantId);
    const second = await buildSuperUser(system.app);
    const visit = { organizationId: acme.orgId, id };
    await assertRefused(perform(second.caller, 'support.leave', visit), 'not_found');
    await perform(sue.caller, 'support.leave', visit);
    await assertRefused(perform(caller, 'projects.list'), 'unauthenticated');
  });

  it('shows no addresses by which deliveries could be sent in', async () => {
    const slack = await buildSlackConnection(system.app, acme.caller, 'http://127.0.0.1:9/api/');
    const set = [{ id: 'note', type: 'set', input: { values: {} } }];
    const { id } = await buildAutomation(system.app, acme.caller, chain({ type: 'webhook' }, set));
    const { caller } = await visitAs('admin');
    const shown = z.looseObject({ webhookUrl: z.string(), formUrl: z.string(), inboundAddress: z.string() });
    const { webhookUrl, formUrl, inboundAddress } = shown.parse(
      await perform(caller, 'automations.get', { id }),
    );
    assert.deepEqual([webhookUrl, formUrl, inboundAddress], ['***', '***', '***']);
    const listed = JSON.stringify(await perform(caller, 'automations.list'));
    assert.ok(
      !listed.includes(shown.parse(await perform(acme.caller, 'automations.get', { id })).webhookUrl),
    );
    const connection = await perform(caller, 'connections.get', { id: slack.id });
    assert.equal(z.looseObject({ hookUrl: z.string() }).parse(connection).hookUrl, '***');
  });

  it('is told to the owners, by an event and by mail, when it is granted, used and revoked', async () => {
    const { id: grantId } = await grant();
    await enter(grantId);
    await perform(acme.caller, 'support_access.revoke', { id: grantId });
    const told = await listSecurityEvents(system.app, acme.caller, 'support_access');
    assert.deepEqual(
      told.map(({ details, principalKind }) => [details.change, details.grantId, principalKind]),
      [
        ['revoked', grantId, 'user'],
        ['entered', grantId, 'super_user'],
        ['granted', grantId, 'user'],
      ],
    );
    await eventually('all three have come by mail', async () => {
      const mails = await system.mailbox.mailsTo(acme.email);
      const texts = mails.map(({ text }) => text ?? '').join();
      return ['granted', 'entered', 'revoked'].every((change) => texts.includes(`change: ${change}`))
        ? true
        : undefined;
    });
  });

  it('is listed in pages, and a dozen or two may be open', async () => {
    for (let count = 0; count < 20; count += 1) await grant();
    await assertRefused(grant(), 'conflict');
    const first = Page.parse(await perform(acme.caller, 'support_access.list', { limit: 15 }));
    const rest = { limit: 15, cursor: first.nextCursor };
    const second = Page.parse(await perform(acme.caller, 'support_access.list', rest));
    assert.deepEqual([first.items.length, second.items.length, second.nextCursor], [15, 5, null]);
  });
});
