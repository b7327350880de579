import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type App, createApp } from '#app.js';
import { startTxtNameServer, type TxtNameServer } from '#runtime/outgoing/testing/txt-name-server.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildMemberWith, memberOf, roleWithKey } from '#test/builders/build-role.js';
import { onTestsEnd } from '#test/closing.js';
import { openOwner } from '#test/owner.js';
import { configurationFor, type TestSystem, testSystem } from '#test/system.js';
import { CompanyDomain } from './company-domain.js';

const Joinable = z.object({ items: z.array(z.object({ id: z.uuid(), name: z.string() })) });

describe('domains of a company', () => {
  let system: TestSystem;
  let app: App;
  let names: TxtNameServer;
  let acme: BuiltOrganization;
  let domain: string;
  before(async () => {
    system = await testSystem();
    names = await startTxtNameServer();
    onTestsEnd(async () => names.close());
    app = await createApp(configurationFor(system.stack, { OUTGOING_NAME_SERVERS: names.address }), 'test');
    onTestsEnd(app.close);
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
    domain = `${randomUUID()}.example.com`;
  });

  const perform = (action: string, input: object, caller = acme.caller) => app.perform(caller, action, input);
  const add = async (name = domain) =>
    CompanyDomain.parse(await perform('organization.add_domain', { domain: name }));
  const check = async (id: string) => CompanyDomain.parse(await perform('organization.check_domain', { id }));
  const prove = async () => {
    const { id, record } = await add();
    names.texts.set(record.name, record.value);
    await check(id);
    return id;
  };
  const open = async () => {
    const id = await prove();
    const { id: joinRoleId } = await roleWithKey(app, acme.caller, 'member');
    await perform('organization.update_domain', { id, joinRoleId });
    return id;
  };
  /** A person of another organization with an address of the domain, which they have verified or not. */
  const personOf = async (isVerified: boolean) => {
    const person = await buildOrganization(app);
    const verifiedAt = isVerified ? new Date() : null;
    await openOwner(system.stack)`UPDATE users SET email = ${`p-${randomUUID()}@${domain}`},
      email_verified_at = ${verifiedAt} WHERE id = ${person.userId}`;
    return person;
  };
  const joinable = async ({ caller }: BuiltOrganization) =>
    Joinable.parse(await perform('organizations.list_joinable', {}, caller)).items.map(({ id }) => id);
  const join = ({ caller }: BuiltOrganization) =>
    perform('organizations.join', { organizationId: acme.orgId }, caller);

  it('are proven by a record that only who rules the domain can publish', async () => {
    const { id, record, verifiedAt } = await add();
    assert.equal(verifiedAt, null);
    await assertRefused(check(id), 'conflict');
    names.texts.set(record.name, 'worksynapse-domain=another');
    await assertRefused(check(id), 'conflict');
    names.texts.set(record.name, record.value);
    assert.notEqual((await check(id)).verifiedAt, null);
  });

  it('are none where anybody gets an address, and none that are no domains', async () => {
    for (const name of [
      'gmail.com',
      'GMAIL.com',
      'outlook.com',
      'localhost',
      '127.0.0.1',
      'a b.com',
      'x'.repeat(300),
    ]) {
      await assertRefused(add(name), 'validation', 'domain');
    }
    assert.equal((await add(`bücher-${domain}`)).domain.startsWith('xn--'), true);
    await add();
    await assertRefused(add(), 'conflict', 'domain');
  });

  it('let in people with a verified address of it, and nobody else', async () => {
    await open();
    const [verified, unverified] = [await personOf(true), await personOf(false)];
    const stranger = await buildOrganization(app);
    assert.deepEqual(await joinable(verified), [acme.orgId]);
    for (const person of [unverified, stranger]) {
      assert.deepEqual(await joinable(person), []);
      await assertRefused(join(person), 'not_found');
    }
    await join(verified);
    assert.equal((await memberOf(app, acme.caller, verified.userId)).role.key, 'member');
    assert.deepEqual(await joinable(verified), []);
  });

  it('let nobody in before they are proven, without a role, or once they are removed', async () => {
    const person = await personOf(true);
    const { id } = await add();
    const { id: joinRoleId } = await roleWithKey(app, acme.caller, 'member');
    await assertRefused(perform('organization.update_domain', { id, joinRoleId }), 'conflict');
    await perform('organization.remove_domain', { id });
    const proven = await prove();
    assert.deepEqual(await joinable(person), []);
    await perform('organization.update_domain', { id: proven, joinRoleId });
    assert.deepEqual(await joinable(person), [acme.orgId]);
    await perform('organization.remove_domain', { id: proven });
    await assertRefused(join(person), 'not_found');
  });

  it('do not bring back who was removed', async () => {
    await open();
    const person = await personOf(true);
    await join(person);
    await perform('members.remove', { id: (await memberOf(app, acme.caller, person.userId)).id });
    await assertRefused(join(person), 'not_found');
  });

  it('give no role that holds more than who says so', async () => {
    const id = await prove();
    const editor = await buildMemberWith(app, acme, ['organization:update']);
    const { id: joinRoleId } = await roleWithKey(app, acme.caller, 'member');
    await assertRefused(
      perform('organization.update_domain', { id, joinRoleId }, editor.caller),
      'validation',
      'joinRoleId',
    );
  });
});
