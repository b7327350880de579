import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { roles } from '#db/schema/index.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { roleIdOf } from '../builders/build-sso-connection.js';
import { listSecurityEvents } from '../builders/list-security-events.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { roleOfMembers } from '../sign-in/signed-in.js';
import { buildProvisioned, type ScimClient } from './scim-client.js';

describe('SCIM groups', () => {
  let system: ServedSystem;
  let scim: ScimClient;
  let ids: string[];
  before(async () => {
    system = await serveSystem();
  });
  beforeEach(async () => {
    scim = await buildProvisioned(system);
    ids = [];
    for (const name of ['a', 'b', 'c']) ids.push((await scim.user(name)).id);
  });

  const valuesOf = (group: Record<string, unknown>) =>
    (group.members as { value: string }[]).map(({ value }) => value);
  const roleOf = async (name: string) =>
    (await roleOfMembers(system.app, scim.organization.orgId))[`${name}@${scim.domain}`];

  async function map(id: string, roleKey: string | null, more: object = {}) {
    const { orgId, caller } = scim.organization;
    const roleId = roleKey === null ? null : await roleIdOf(system.app, orgId, roleKey);
    await system.app.perform(caller, 'scim_groups.map', { id, roleId, ...more });
  }

  it('are made, found by name, replaced and deleted', async () => {
    const group = await scim.group('Staff', ids.slice(0, 2));
    assert.deepEqual(valuesOf(group).sort(), ids.slice(0, 2).sort());
    const filter = encodeURIComponent('displayName eq "staff"');
    const found = await scim.list(`/Groups?filter=${filter}&excludedAttributes=members`);
    assert.deepEqual(
      found.Resources.map(({ id, members }) => [id, members]),
      [[group.id, undefined]],
    );
    const replaced = await scim.put(`/Groups/${group.id}`, {
      displayName: 'People',
      members: [{ value: ids[2] }],
    });
    assert.deepEqual([replaced.displayName, valuesOf(replaced)], ['People', [ids[2]]]);
    assert.equal((await scim.call('DELETE', `/Groups/${group.id}`)).status, 204);
    await scim.refused(404, 'GET', `/Groups/${group.id}`);
    await scim.group('People');
    assert.equal(
      (await scim.refused(409, 'POST', '/Groups', { displayName: 'PEOPLE' })).scimType,
      'uniqueness',
    );
  });

  it('change members in both dialects', async () => {
    const [a = '', b = '', c = ''] = ids;
    const { id } = await scim.group('Staff');
    const path = `/Groups/${id}`;
    const membersAfter = async (...operations: object[]) =>
      valuesOf(await scim.patch(path, ...operations)).sort();
    const sorted = (...wanted: string[]) => wanted.sort();
    assert.deepEqual(await membersAfter({ op: 'Add', path: 'members', value: [{ value: a }] }), [a]);
    assert.deepEqual(
      await membersAfter({ op: 'add', path: 'members', value: [{ value: a }, { value: b }] }),
      sorted(a, b),
    );
    assert.deepEqual(
      await membersAfter({ op: 'add', value: { members: [{ value: c, display: 'C' }] } }),
      sorted(a, b, c),
    );
    assert.deepEqual(await membersAfter({ op: 'remove', path: `members[value eq "${a}"]` }), sorted(b, c));
    assert.deepEqual(await membersAfter({ op: 'Remove', path: 'members', value: [{ value: b }] }), [c]);
    assert.deepEqual(await membersAfter({ op: 'replace', path: 'members', value: [{ value: a }] }), [a]);
    assert.deepEqual(await membersAfter({ op: 'replace', value: { displayName: 'Renamed', id } }), [a]);
    assert.equal((await scim.get(path)).displayName, 'Renamed');
    assert.deepEqual(await membersAfter({ op: 'Replace', path: 'displayName', value: 'Again' }), [a]);
    assert.deepEqual(await membersAfter({ op: 'remove', path: 'members' }), []);
  });

  it('take nobody of another organization, nor somebody who is not there', async () => {
    const other = await buildProvisioned(system);
    const stranger = await other.user('stranger');
    const { id } = await scim.group('Staff');
    for (const value of [stranger.id, randomUUID(), 'nonsense']) {
      const add = { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] };
      assert.equal((await scim.refused(400, 'PATCH', `/Groups/${id}`, add)).scimType, 'invalidValue');
      await scim.refused(400, 'POST', '/Groups', { displayName: `G ${value}`, members: [{ value }] });
    }
    const theirs = await other.group('Theirs');
    await scim.refused(404, 'GET', `/Groups/${theirs.id}`);
    await scim.refused(404, 'PUT', `/Groups/${theirs.id}`, { displayName: 'Ours' });
    await scim.refused(404, 'DELETE', `/Groups/${theirs.id}`);
    await assertRefused(
      system.app.perform(scim.organization.caller, 'scim_groups.map', { id: theirs.id, roleId: null }),
      'not_found',
    );
  });

  it('give the mapped role to those who are in them, from when they come until they leave', async () => {
    const [a = '', b = ''] = ids;
    const { id } = await scim.group('Leads', [a]);
    assert.equal(await roleOf('a'), 'member', 'a group gives no role until somebody says so');
    await map(id, 'manager');
    assert.equal(await roleOf('a'), 'manager');
    await scim.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: b }] });
    assert.equal(await roleOf('b'), 'manager');
    await scim.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${a}"]` });
    assert.equal(await roleOf('a'), 'member');
    await scim.call('DELETE', `/Groups/${id}`);
    assert.equal(await roleOf('b'), 'member');
  });

  it('are told of as a security event for each person whose role is another one by them', async () => {
    const [a = '', b = ''] = ids;
    const { orgId, caller, userId } = scim.organization;
    const { id } = await scim.group('Leads', [a, b, userId]);
    await map(id, 'manager');
    await map(id, 'manager', { priority: 5 });
    await scim.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${a}"]` });
    const events = await listSecurityEvents(system.app, caller, 'member_role_changed');
    const manager = await roleIdOf(system.app, orgId, 'manager');
    const told = events.map(({ userId: of, principalKind, details }) => [
      of,
      principalKind,
      details.toRoleId === manager,
    ]);
    assert.deepEqual(told[0], [a, 'scim', false]);
    assert.deepEqual(new Set(told.slice(1).map(String)), new Set([`${a},user,true`, `${b},user,true`]));
    assert.equal(events.length, 3);
  });

  it('are told of as one security event where many people have another role by them', async () => {
    const { orgId, caller } = scim.organization;
    const many: string[] = [];
    for (let made = 0; made < 51; made += 1) {
      const { userId } = await buildMember(system.app, { orgId }, 'member');
      many.push(userId);
    }
    const { id } = await scim.group('Everybody', many);
    await map(id, 'manager');
    const [event, ...others] = await listSecurityEvents(system.app, caller, 'member_role_changed');
    assert.deepEqual([event?.userId, event?.details, others.length], [null, { people: 51 }, 0]);
  });

  it('of which several give roles leave the decision to the smallest priority', async () => {
    const [a = ''] = ids;
    const guests = await scim.group('Guests', [a]);
    const leads = await scim.group('Leads', [a]);
    await map(guests.id, 'guest', { priority: 50 });
    await map(leads.id, 'manager', { priority: 10 });
    assert.equal(await roleOf('a'), 'manager');
    await map(leads.id, 'manager', { priority: 90 });
    assert.equal(await roleOf('a'), 'guest');
    await map(guests.id, null);
    assert.equal(await roleOf('a'), 'manager');
  });

  it('make no owners, unmake none, and give no more than who maps them holds', async () => {
    const { orgId, caller, userId, email } = scim.organization;
    const { id } = await scim.group('Everybody', [...ids, userId]);
    const owner = await roleIdOf(system.app, orgId, 'owner');
    const toOwner = system.app.perform(caller, 'scim_groups.map', { id, roleId: owner });
    await assertRefused(toOwner, 'validation', 'roleId');
    await map(id, 'guest');
    assert.equal((await roleOfMembers(system.app, orgId))[email], 'owner');

    const limited = await buildMember(system.app, scim.organization, 'manager');
    await system.app.services.database.withOrg(orgId, (transaction) =>
      transaction
        .update(roles)
        .set({ permissions: ['scim_groups:*', 'tasks:*'] })
        .where(and(eq(roles.orgId, orgId), eq(roles.key, 'manager'))),
    );
    const admin = await roleIdOf(system.app, orgId, 'admin');
    const toAdmin = system.app.perform(limited.caller, 'scim_groups.map', { id, roleId: admin });
    await assertRefused(toAdmin, 'validation', 'roleId');
  });

  it('keep all who come at once', async () => {
    const { id } = await scim.group('Staff');
    const add = (value: string) =>
      scim.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] });
    await Promise.all(ids.map(add));
    assert.deepEqual(valuesOf(await scim.get(`/Groups/${id}`)).sort(), [...ids].sort());
  });
});
