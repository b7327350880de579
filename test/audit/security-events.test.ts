import assert from 'node:assert/strict';
import { z } from 'zod';
import { recordSecurityEvent } from '#runtime/security-events.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { startedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';

const SecurityEvents = z.object({
  items: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      userId: z.string().nullable(),
      principalId: z.string().nullable(),
      ip: z.string().nullable(),
      count: z.int(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().nullable(),
});
const Events = z.object({ items: z.array(z.object({ type: z.string() })) });
const origin = { ip: '203.0.113.9', network: '203.0.113.9', userAgent: 'Test/1.0' };

describe('security events', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object = {}) =>
    system.app.perform(organization.caller, action, input);
  const list = async (input: object = {}) =>
    SecurityEvents.parse(await perform('security_events.list', input)).items;
  const record = (kind: 'new_device' | 'support_access' | 'log_in_failed') =>
    system.app.services.database.withOrg(organization.orgId, (db) =>
      recordSecurityEvent(system.app.services, db, {
        orgId: organization.orgId,
        kind,
        userId: organization.userId,
        origin,
      }),
    );

  it('tell each organization of a person that somebody tried a wrong password, and nobody of unknown people', async () => {
    const logIn = (email: string) =>
      assertRefused(
        system.app.perform(
          { kind: 'anonymous' },
          'identity.log_in',
          { email, password: 'not the password' },
          { origin },
        ),
        'unauthenticated',
      );
    await logIn(organization.email);
    await logIn('nobody-at-all@example.com');
    const [event] = await eventually('the failure is recorded', async () => {
      const found = await list({ kind: 'log_in_failed' });
      return found.length > 0 ? found : undefined;
    });
    assert.equal(event?.userId, organization.userId);
    assert.equal(event.ip, origin.ip);
  });

  it('count what was refused in one row a minute, with who tried', async () => {
    const guest = await buildMember(system.app, organization, 'guest');
    for (let tries = 0; tries < 5; tries += 1)
      await assertRefused(system.app.perform(guest.caller, 'audit.list', {}, { origin }), 'forbidden');
    const denied = await list({ kind: 'permission_denied' });
    assert.equal(
      denied.reduce((sum, { count }) => sum + count, 0),
      5,
    );
    // Two, where the minute ended in between.
    assert.ok(denied.length <= 2);
    assert.equal(denied[0]?.principalId, guest.userId);
    assert.deepEqual(denied[0].details, { action: 'audit.list' });
    const { items } = Events.parse(await perform('events.list', { type: 'security.permission_denied' }));
    assert.equal(items.length, denied.length, 'and tell it once');
  });

  it('count together though many come at once', async () => {
    await Promise.all(Array.from({ length: 12 }, () => record('log_in_failed')));
    const failed = await list({ kind: 'log_in_failed' });
    assert.equal(
      failed.reduce((sum, { count }) => sum + count, 0),
      12,
    );
    assert.ok(failed.length <= 2);
  });

  it('tell of a new API key, without the key, in the audit log as well', async () => {
    const made = await perform('api_keys.create', { name: 'Robot', scopes: ['tasks:read'] });
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(made);
    const [event] = await list({ kind: 'api_key_created' });
    assert.deepEqual(event?.details, { apiKeyId: id, name: 'Robot' });
    const audited = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse(await perform('audit.list', { action: 'api_keys.create' }));
    const entry = JSON.stringify(await perform('audit.get', { id: audited.items[0]?.id }));
    assert.match(entry, /Robot/);
    assert.ok(!entry.includes(key));
  });

  it('start automations that listen to them', async () => {
    const trigger = { type: 'event', input: { event: 'security.api_key_created' } };
    const note = { id: 'note', type: 'set', input: { values: { id: '{{ trigger.details.apiKeyId }}' } } };
    const automation = await buildAutomation(system.app, organization.caller, chain(trigger, [note]));
    await perform('api_keys.create', { name: 'Robot', scopes: ['tasks:read'] });
    assert.equal((await startedRuns(system.app, organization.caller, automation.id, 1)).length, 1);
  });

  it('are listed by kind and person, a page at a time', async () => {
    for (let made = 0; made < 3; made += 1) await record('new_device');
    await record('support_access');
    assert.equal((await list()).length, 4);
    assert.equal((await list({ kind: 'new_device,support_access' })).length, 4);
    assert.equal((await list({ kind: 'support_access' })).length, 1);
    assert.equal((await list({ userId: organization.userId, to: '2020-01-01T00:00:00Z' })).length, 0);
    const first = SecurityEvents.parse(await perform('security_events.list', { limit: 3 }));
    const rest = await list({ limit: 3, cursor: first.nextCursor });
    assert.equal(new Set([...first.items, ...rest].map(({ id }) => id)).size, 4);
  });

  it('are for owners and admins only, and so are the settings', async () => {
    const manager = await buildMember(system.app, organization, 'manager');
    for (const action of ['security_events.list', 'compliance.get_settings', 'compliance.update_settings'])
      await assertRefused(system.app.perform(manager.caller, action, {}), 'forbidden');
  });

  it('are mailed to owners where the organization has not chosen, the grave ones only', async () => {
    await record('new_device');
    await record('support_access');
    const [mail] = await system.mailbox.received(organization.email);
    assert.match(mail?.subject ?? '', /^Security alert: The operator was let in/);
    assert.match(mail?.text ?? '', /203\.0\.113\.9/);
    assert.equal((await system.mailbox.mailsTo(organization.email)).length, 1);
  });

  it('are mailed to whom the organization names, of the kinds that it names, so many an hour', async () => {
    const admin = await buildMember(system.app, organization, 'admin');
    const chosen = { alertKinds: ['new_device'], alertUserIds: [admin.userId], alertsPerHour: 2 };
    const settings = await perform('compliance.update_settings', chosen);
    assert.deepEqual(settings, chosen);
    for (let made = 0; made < 4; made += 1) await record('new_device');
    await system.mailbox.received(admin.email, 2);
    assert.equal((await list({ kind: 'new_device' })).length, 4, 'all are listed');
    const written = await system.app.services.database.withOrg(organization.orgId, (db) =>
      db.query.outgoingMails.findMany(),
    );
    assert.deepEqual(
      written.filter(({ dedupeKey }) => dedupeKey.startsWith('security:')).map(({ recipient }) => recipient),
      [admin.email, admin.email],
    );
  });

  it('of access by support are mailed to the owners in any case, without a limit', async () => {
    const admin = await buildMember(system.app, organization, 'admin');
    await perform('compliance.update_settings', {
      alertKinds: [],
      alertUserIds: [admin.userId],
      alertsPerHour: 1,
    });
    for (let made = 0; made < 3; made += 1) await record('support_access');
    await system.mailbox.received(organization.email, 3);
    await system.mailbox.received(admin.email, 3);
  });

  it('refuse settings that can not be kept, naming the field', async () => {
    const stranger = await buildOrganization(system.app);
    const named = { alertUserIds: [organization.userId, stranger.userId] };
    await assertRefused(perform('compliance.update_settings', named), 'validation', 'alertUserIds.1');
    const unknown = { alertKinds: ['no_such_kind'] };
    await assertRefused(perform('compliance.update_settings', unknown), 'validation', 'alertKinds.0');
  });

  it('lose address and program with the details of the person', async () => {
    await record('new_device');
    await perform('audit.erase', { personId: organization.userId });
    const [event] = await list({ kind: 'new_device' });
    assert.equal(event?.ip, null);
  });
});
