import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { auditLog, members, users } from '#db/schema/index.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildCaller } from '../builders/build-caller.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { roleIdOf } from '../builders/build-sso-connection.js';
import { listEventsOf } from '../builders/list-events.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { openOwner } from '../owner.js';
import { roleOfMembers } from '../sign-in/signed-in.js';
import { testSystem } from '../system.js';
import { buildProvisioned, type ScimClient } from './scim-client.js';

describe('SCIM users', () => {
  let system: ServedSystem;
  let scim: ScimClient;
  before(async () => {
    system = await serveSystem();
  });
  beforeEach(async () => {
    scim = await buildProvisioned(system);
  });

  it('are told of when they come, go and come back, each time once', async () => {
    const { caller, orgId } = scim.organization;
    const { id } = await scim.user('ada', { active: true });
    const activate = (value: boolean) => scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value });
    await activate(true);
    await activate(false);
    await activate(false);
    await activate(true);
    await scim.call('DELETE', `/Users/${id}`);
    const told = await listSecurityEvents(system.app, caller, 'membership_changed');
    assert.deepEqual(
      told.reverse().map(({ userId, principalKind, details }) => [userId, principalKind, details.change]),
      ['joined', 'deactivated', 'reactivated', 'deactivated'].map((change) => [id, 'scim', change]),
    );
    const types = ['member.joined', 'member.deactivated', 'member.reactivated'];
    const events = await Promise.all(types.map((type) => listEventsOf(system.app, orgId, type)));
    assert.deepEqual(
      events.map(({ length }) => length),
      [1, 2, 1],
    );
    assert.deepEqual([events[0]?.[0]?.payload.userId, events[0]?.[0]?.payload.by], [id, 'scim']);
  });

  it('are made members, and shown as the provider gave them', async () => {
    const given = {
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ],
      externalId: 'ext-1',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      displayName: 'Ada Lovelace',
      emails: [{ value: `ada.l@${scim.domain}`, type: 'work', primary: true }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Engines' },
      active: true,
    };
    const made = await scim.user('ada', { ...given, password: 'ignored', unknown: { deep: true } });
    const { id, meta, ...shown } = made;
    assert.deepEqual(shown, { ...given, userName: `ada@${scim.domain}` });
    assert.deepEqual(await scim.get(`/Users/${id}`), made);
    assert.match(JSON.stringify(meta), new RegExp(`${system.address}/scim/v2/Users/${id}`));
    const roles = await roleOfMembers(system.app, scim.organization.orgId);
    assert.equal(roles[`ada.l@${scim.domain}`], 'member');
  });

  it('are found by user name in any case, by external id, and by nothing else', async () => {
    const { id } = await scim.user('ada', { externalId: 'ext-1' });
    await scim.user('bob');
    const found = async (filter: string) =>
      (await scim.list(`/Users?filter=${encodeURIComponent(filter)}`)).Resources.map((user) => user.id);
    assert.deepEqual(await found(`userName eq "ADA@${scim.domain}"`), [id]);
    assert.deepEqual(await found('externalId eq "ext-1"'), [id]);
    assert.deepEqual(await found(`userName eq "ada@${scim.domain}" and externalId eq "ext-1"`), [id]);
    assert.deepEqual(await found('userName eq "nobody@example.com"'), []);
    for (const filter of [
      'userName co "a"',
      'name.givenName eq "A"',
      'nonsense',
      'userName eq',
      'not (id pr)',
    ]) {
      const refused = await scim.refused(400, 'GET', `/Users?filter=${encodeURIComponent(filter)}`);
      assert.equal(refused.scimType, 'invalidFilter', filter);
    }
  });

  it('come in pages that are counted from one', async () => {
    for (const name of ['a', 'b', 'c']) await scim.user(name);
    const all = await scim.list('/Users');
    assert.equal(all.totalResults, 4, 'with the owner, whom the provider has not named');
    const page = await scim.list('/Users?startIndex=2&count=2');
    assert.deepEqual(
      page.Resources.map(({ id }) => id),
      all.Resources.slice(1, 3).map(({ id }) => id),
    );
    assert.deepEqual([page.startIndex, page.itemsPerPage], [2, 2]);
    const none = await scim.list('/Users?count=0&startIndex=-5');
    assert.deepEqual([none.totalResults, none.Resources], [4, []]);
  });

  describe('that are let go', () => {
    const deactivations: Record<string, (scim: ScimClient, id: string) => Promise<unknown>> = {
      'by a patch of Okta': (client, id) =>
        client.patch(`/Users/${id}`, { op: 'replace', value: { active: false } }),
      'by a patch of Entra': (client, id) =>
        client.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' }),
      'by a patch of Entra without a path': (client, id) =>
        client.patch(`/Users/${id}`, { op: 'replace', value: { active: 'False', 'name.givenName': 'Ada' } }),
      'by replacing': (client, id) =>
        client.put(`/Users/${id}`, { userName: `ada@${client.domain}`, active: false }),
      'by deleting': (client, id) => client.call('DELETE', `/Users/${id}`),
    };
    for (const [name, deactivate] of Object.entries(deactivations)) {
      it(`can do nothing any more at once, ${name}`, async () => {
        const { id } = await scim.user('ada');
        const { orgId } = scim.organization;
        const caller = await buildCaller(system.app, { orgId, userId: id });
        const accessToken = await system.app.services.accessTokens.issue({ ...caller });
        const me = () =>
          fetch(`${system.address}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
        assert.equal((await me()).status, 200);
        await deactivate(scim, id);
        assert.equal((await me()).status, 403);
        assert.equal(await statusOf(orgId, id), 'deactivated');
      });
    }

    it('come back with none of their sessions', async () => {
      const { id } = await scim.user('ada');
      const { orgId } = scim.organization;
      const caller = await buildCaller(system.app, { orgId, userId: id });
      await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
      await scim.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' });
      assert.equal(await statusOf(orgId, id), 'active');
      await assertRefused(system.app.perform(caller, 'identity.me', {}), 'unauthenticated');
    });

    it('are gone for the provider when it deleted them, and taken up again when it makes them anew', async () => {
      const { id } = await scim.user('ada', { externalId: 'ext-1' });
      assert.equal((await scim.call('DELETE', `/Users/${id}`)).status, 204);
      await scim.refused(404, 'GET', `/Users/${id}`);
      await scim.refused(404, 'DELETE', `/Users/${id}`);
      await scim.refused(404, 'PATCH', `/Users/${id}`, {
        Operations: [{ op: 'replace', value: { active: true } }],
      });
      assert.equal((await scim.list('/Users')).totalResults, 1);
      const again = await scim.user('ada', { externalId: 'ext-1' });
      assert.equal(again.id, id);
      assert.equal(await statusOf(scim.organization.orgId, id), 'active');
    });

    it('are never the last owner, not even of two at once', async () => {
      const { userId, orgId } = scim.organization;
      const let_go = { Operations: [{ op: 'replace', value: { active: false } }] };
      await scim.refused(409, 'PATCH', `/Users/${userId}`, let_go);
      await scim.refused(409, 'DELETE', `/Users/${userId}`);
      const second = await scim.user('second');
      const roleId = await roleIdOf(system.app, orgId, 'owner');
      await system.app.services.database.withOrg(orgId, (transaction) =>
        transaction.update(members).set({ roleId }).where(eq(members.userId, second.id)),
      );
      const answers = await Promise.all([
        scim.call('PATCH', `/Users/${userId}`, let_go),
        scim.call('PATCH', `/Users/${second.id}`, let_go),
      ]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    });
  });

  it('are patched in both dialects', async () => {
    const { id } = await scim.user('ada', { displayName: 'Ada' });
    const patched = await scim.patch(
      `/Users/${id}`,
      { op: 'Add', path: 'emails[type eq "work"].value', value: `new@${scim.domain}` },
      { op: 'Replace', path: 'name.familyName', value: 'Lovelace' },
      { op: 'Replace', path: 'DISPLAYNAME', value: 'Ada L.' },
      {
        op: 'Add',
        path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
        value: 'Engines',
      },
      { op: 'Add', path: 'urn:example:unknown:2.0:User:thing', value: 'left out' },
      { op: 'Add', value: { title: 'Countess', 'name.givenName': 'Ada', nothingWeKeep: 1 } },
      { op: 'Remove', path: 'externalId' },
    );
    assert.deepEqual(patched.name, { familyName: 'Lovelace', givenName: 'Ada' });
    assert.equal(patched.displayName, 'Ada L.');
    assert.equal(patched.title, 'Countess');
    assert.deepEqual(patched['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'], {
      department: 'Engines',
    });
    assert.match(JSON.stringify(patched.emails), new RegExp(`new@${scim.domain}`));
    assert.deepEqual(await scim.get(`/Users/${id}`), patched);
  });

  it('are not changed by a patch of which one operation can not be carried out', async () => {
    const { id } = await scim.user('ada', { title: 'Countess' });
    const broken: [object, string | undefined][] = [
      [{ op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidPath'],
      [{ op: 'remove' }, 'invalidPath'],
      [{ op: 'replace', path: 'userName', value: 5 }, 'invalidValue'],
      [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
      [{ op: 'explode', path: 'title', value: 'x' }, 'invalidSyntax'],
      [{ op: 'remove', path: 'userName' }, 'invalidValue'],
    ];
    for (const [operation, scimType] of broken) {
      const Operations = [{ op: 'replace', path: 'title', value: 'Changed' }, operation];
      const refused = await scim.refused(400, 'PATCH', `/Users/${id}`, { Operations });
      assert.equal(refused.scimType, scimType, JSON.stringify(operation));
    }
    assert.equal((await scim.get(`/Users/${id}`)).title, 'Countess');
  });

  it('do not lead a patch to what all objects share', async () => {
    const { id } = await scim.user('ada', { name: { givenName: 'Ada' } });
    const patches = [
      { op: 'add', path: '__proto__.polluted', value: 'yes' },
      { op: 'add', path: 'name.__proto__', value: { polluted: 'yes' } },
      { op: 'add', path: 'constructor.prototype', value: { polluted: 'yes' } },
      { op: 'add', path: 'name', value: { 'constructor.prototype.polluted': 'yes' } },
      { op: 'add', value: { 'constructor.prototype.polluted': 'yes' } },
      { op: 'add', value: { name: { '__proto__.polluted': 'yes' } } },
    ];
    for (const operation of patches) await scim.call('PATCH', `/Users/${id}`, { Operations: [operation] });
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('of one name, id or address there is one', async () => {
    const { id } = await scim.user('ada', { externalId: 'ext-1' });
    const bob = await scim.user('bob', { externalId: 'ext-2' });
    const again = { userName: `ada@${scim.domain}` };
    assert.equal((await scim.refused(409, 'POST', '/Users', again)).scimType, 'uniqueness');
    const other = { userName: `other@${scim.domain}`, externalId: 'ext-1' };
    assert.equal((await scim.refused(409, 'POST', '/Users', other)).scimType, 'uniqueness');
    const rename = { Operations: [{ op: 'replace', path: 'userName', value: `ADA@${scim.domain}` }] };
    await scim.refused(409, 'PATCH', `/Users/${bob.id}`, rename);
    const twice = { userName: `twin@${scim.domain}` };
    const answers = await Promise.all([
      scim.call('POST', '/Users', twice),
      scim.call('POST', '/Users', twice),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
    assert.equal((await scim.get(`/Users/${id}`)).externalId, 'ext-1');
  });

  it('have addresses of proven domains, and are not taken from an account that nobody has verified', async () => {
    const foreign = await scim.refused(400, 'POST', '/Users', { userName: 'ada@gmail.com' });
    assert.match(String(foreign.detail), /proven/);
    const elsewhere = await buildOrganization(system.app);
    const { stack } = await testSystem();
    const email = `taken@${scim.domain}`;
    await openOwner(stack)`UPDATE users SET email = ${email} WHERE id = ${elsewhere.userId}`;
    await scim.refused(409, 'POST', '/Users', { userName: email });
    await openOwner(stack)`UPDATE users SET email_verified_at = now() WHERE id = ${elsewhere.userId}`;
    const taken = await scim.user('taken', { displayName: 'Renamed' });
    assert.equal(taken.id, elsewhere.userId);
    const [{ name } = { name: '' }] = await openOwner(stack)<{ name: string }[]>`
      SELECT name FROM users WHERE id = ${elsewhere.userId}`;
    assert.equal(name, 'Olivia Owner', 'the account stays the person’s own');
    await scim.call('DELETE', `/Users/${taken.id}`);
    await system.app.perform(elsewhere.caller, 'identity.me', {});
  });

  it('are taken up where they were members already', async () => {
    const member = await buildMember(system.app, scim.organization, 'manager');
    const { stack } = await testSystem();
    await openOwner(stack)`UPDATE users SET email = ${`here@${scim.domain}`} WHERE id = ${member.userId}`;
    const before = await scim.list(
      `/Users?filter=${encodeURIComponent(`userName eq "here@${scim.domain}"`)}`,
    );
    assert.deepEqual(
      before.Resources.map(({ id }) => id),
      [member.userId],
    );
    assert.equal((await scim.user('here')).id, member.userId);
    const roles = await roleOfMembers(system.app, scim.organization.orgId);
    assert.equal(roles[`here@${scim.domain}`], 'manager');
  });

  it('of another organization do not exist', async () => {
    const other = await buildProvisioned(system);
    const { id } = await other.user('ada');
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { userName: `x@${scim.domain}` }],
      ['PATCH', { Operations: [{ op: 'replace', value: { active: false } }] }],
      ['DELETE', undefined],
    ] as const) {
      await scim.refused(404, method, `/Users/${id}`, body);
    }
    assert.equal(await statusOf(other.organization.orgId, id), 'active');
    await scim.refused(404, 'GET', '/Users/not-an-id');
    await scim.refused(404, 'GET', `/Users/${randomUUID()}`);
  });

  it('are audited in the name of the token', async () => {
    const { id } = await scim.user('ada');
    const { orgId } = scim.organization;
    const [entry] = await system.app.services.database.withOrg(orgId, (transaction) =>
      transaction
        .select({ kind: auditLog.principalKind, by: auditLog.principalId, targetId: auditLog.targetId })
        .from(auditLog)
        .where(and(eq(auditLog.orgId, orgId), eq(auditLog.action, 'scim.create_user'))),
    );
    assert.deepEqual(entry, { kind: 'scim', by: scim.tokenId, targetId: id });
  });

  it('have no password, so that none lets them in', async () => {
    const { id } = await scim.user('ada');
    const [row] = await system.app.services.database.withOrg(scim.organization.orgId, (transaction) =>
      transaction.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, id)),
    );
    assert.equal(row?.passwordHash, null);
    for (const password of ['null', 'undefined', 'nobody has this password']) {
      const logIn = { email: `ada@${scim.domain}`, password };
      await assertRefused(
        system.app.perform({ kind: 'anonymous' }, 'identity.log_in', logIn),
        'unauthenticated',
      );
    }
  });

  async function statusOf(orgId: string, userId: string): Promise<string | undefined> {
    const [row] = await system.app.services.database.withOrg(orgId, (transaction) =>
      transaction.select({ status: members.status }).from(members).where(eq(members.userId, userId)),
    );
    return row?.status;
  }
});
