import assert from 'node:assert/strict';
import { z } from 'zod';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { type AuditSystem, auditSystem, Entries, tamper, verify } from './audit-system.js';

const Values = z.record(z.string(), z.unknown()).optional();
const Entry = z.object({
  id: z.string(),
  action: z.string(),
  principalId: z.string(),
  sessionId: z.string().nullable(),
  requestId: z.string().nullable(),
  position: z.int().nullable(),
  hash: z.string().nullable(),
  erasedAt: z.string().nullable(),
  details: z
    .object({ origin: z.record(z.string(), z.string().nullable()).optional(), before: Values, after: Values })
    .nullable(),
});

describe('an audit entry', () => {
  let system: AuditSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await auditSystem();
    organization = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object, options = {}) =>
    system.app.perform(organization.caller, action, input, options);
  const list = async (input: object) => Entries.parse(await perform('audit.list', input));
  async function entryOf(action: string, targetId: string) {
    const { items } = await list({ action, targetId });
    assert.equal(items.length, 1, `one entry for ${action}`);
    return Entry.parse(await perform('audit.get', { id: items[0]?.id }));
  }

  it('tells who did what, from where, and by which request', async () => {
    const seen = { ip: '203.0.113.9', userAgent: 'Test/1.0' };
    const origin = { ...seen, network: '203.0.113.9' };
    const task = await buildTask(system.app, organization.caller);
    await perform('tasks.update', { id: task.id, title: 'New title' }, { requestId: 'request-1', origin });
    const entry = await entryOf('tasks.update', task.id);
    assert.equal(entry.principalId, organization.userId);
    assert.equal(entry.requestId, 'request-1');
    assert.deepEqual(entry.details?.origin, seen);
    assert.equal(entry.sessionId, organization.caller.sessionId);
  });

  it('tells changed fields before and after, and only those', async () => {
    const task = await buildTask(system.app, organization.caller, { title: 'Old', priority: 'low' });
    const created = await entryOf('tasks.create', task.id);
    assert.equal(created.details?.after?.title, 'Old');
    assert.equal(created.details.before, undefined);
    await perform('tasks.update', { id: task.id, title: 'New', priority: 'low' });
    assert.deepEqual((await entryOf('tasks.update', task.id)).details, {
      before: { title: 'Old' },
      after: { title: 'New' },
    });
    await perform('tasks.delete', { id: task.id });
    const { details } = await entryOf('tasks.delete', task.id);
    assert.equal(details?.before?.deletedAt, null);
    assert.match(String(details?.after?.deletedAt), /^20/);
    await perform('tasks.restore', { id: task.id });
    assert.deepEqual((await entryOf('tasks.restore', task.id)).details, {
      before: { deletedAt: details?.after?.deletedAt },
      after: { deletedAt: null },
    });
  });

  it('never tells a secret, but that there is a new one', async () => {
    const connection = await buildSlackConnection(system.app, organization.caller, 'http://127.0.0.1:9/api/');
    assert.equal((await entryOf('connections.create', connection.id)).details?.after?.secret, '***');
    const secret = { token: 'xoxb-new-token-value', signingSecret: 'a-new-signing-secret' };
    await perform('connections.update', { id: connection.id, name: 'Renamed', secret });
    const { details } = await entryOf('connections.update', connection.id);
    assert.deepEqual([details?.before?.secret, details?.after?.secret], ['***', '***']);
    assert.deepEqual([details?.before?.name, details?.after?.name], ['Slack', 'Renamed']);
    const [kept] = await system.owner`
      SELECT count(*)::int AS count FROM audit_details WHERE content ~ 'xoxb|a-new-signing-secret|sealed'`;
    assert.equal(kept?.count, 0);
  });

  it('leaves none for a read, nor for what was refused', async () => {
    const before = (await list({})).items.length;
    await perform('projects.list', {});
    await assertRefused(perform('projects.update', { id: organization.orgId, name: 'X' }), 'not_found');
    assert.equal((await list({})).items.length, before);
  });

  it('is found by person, action, kind of action, target and time', async () => {
    const other = await buildOrganization(system.app);
    const member = await buildMember(system.app, other, 'admin');
    const project = await buildProject(system.app, other.caller);
    await buildProject(system.app, member.caller);
    await system.app.perform(member.caller, 'projects.update', { id: project.id, name: 'Changed' });
    const find = async (input: object) =>
      Entries.parse(await system.app.perform(other.caller, 'audit.list', input)).items.map(
        ({ action }) => action,
      );
    const theirs = ['projects.update', 'projects.create', 'identity.log_in'];
    assert.deepEqual(await find({ principalId: member.userId }), theirs);
    assert.deepEqual(await find({ onBehalfOf: member.userId }), theirs);
    assert.deepEqual(await find({ action: 'identity.sign_up' }), ['identity.sign_up']);
    assert.deepEqual(await find({ action: 'projects.*' }), [
      'projects.update',
      'projects.create',
      'projects.create',
    ]);
    assert.deepEqual(await find({ targetId: project.id }), ['projects.update', 'projects.create']);
    assert.deepEqual(await find({ from: new Date(Date.now() + 60_000).toISOString() }), []);
    assert.deepEqual(await find({ to: '2020-01-01T00:00:00Z' }), []);
    assert.equal((await find({ from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' })).length, 5);
  });

  it('is listed a page at a time in either order, none twice and none missing', async () => {
    const other = await buildOrganization(system.app);
    for (let made = 0; made < 6; made += 1) await buildProject(system.app, other.caller);
    for (const order of ['newest', 'oldest']) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const input: object = { order, limit: 3, ...(cursor && { cursor }) };
        const page = Entries.parse(await system.app.perform(other.caller, 'audit.list', input));
        found.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.equal(new Set(found).size, 7);
      const sorted = [...found].sort();
      assert.deepEqual(found, order === 'oldest' ? sorted : sorted.reverse());
    }
    const { nextCursor } = Entries.parse(
      await system.app.perform(other.caller, 'audit.list', { limit: 1, order: 'newest' }),
    );
    const mixed = { order: 'oldest', cursor: nextCursor };
    await assertRefused(system.app.perform(other.caller, 'audit.list', mixed), 'validation', 'cursor');
  });

  it('is shown to owners and admins only', async () => {
    const manager = await buildMember(system.app, organization, 'manager');
    const admin = await buildMember(system.app, organization, 'admin');
    for (const action of ['audit.list', 'audit.status', 'audit.verify']) {
      await assertRefused(system.app.perform(manager.caller, action, {}), 'forbidden');
      await system.app.perform(admin.caller, action, {});
    }
  });

  it('loses its details when the person asks for it: the chain holds, and the erasure shows', async () => {
    const other = await buildOrganization(system.app);
    const member = await buildMember(system.app, other, 'admin');
    const origin = { ip: '203.0.113.77', network: '203.0.113.77', userAgent: 'Private/1.0' };
    const made = await system.app.perform(
      member.caller,
      'projects.create',
      { name: 'Private name' },
      { origin },
    );
    await buildProject(system.app, other.caller);
    await sealAudit(system.app.services, other.orgId);
    const { id } = z.object({ id: z.string() }).parse(made);
    const outcome = await system.app.perform(other.caller, 'audit.erase', { personId: member.userId });
    assert.deepEqual(outcome, { erased: 1, isComplete: true });
    await sealAudit(system.app.services, other.orgId);
    const { items } = Entries.parse(await system.app.perform(other.caller, 'audit.list', { targetId: id }));
    const entry = Entry.parse(await system.app.perform(other.caller, 'audit.get', { id: items[0]?.id }));
    assert.equal(entry.details, null);
    assert.match(entry.erasedAt ?? '', /^20/);
    assert.deepEqual(await verify(system, other.caller), {
      checked: 5,
      erased: 1,
      next: null,
      firstBreak: null,
    });
    const rows = await system.owner`
      SELECT count(*)::int AS count FROM audit_details WHERE content ~ '203.0.113.77|Private'`;
    assert.equal(rows[0]?.count, 0);
  });

  it('shows when its details were changed or taken away', async () => {
    for (const [kind, statement] of [
      ['details_edited', "UPDATE audit_details SET content = replace(content, 'Website', 'Webshop')"],
      ['details_removed', 'DELETE FROM audit_details'],
    ] as const) {
      const other = await buildOrganization(system.app);
      await buildProject(system.app, other.caller);
      await sealAudit(system.app.services, other.orgId);
      await tamper(system, (sql) => sql.unsafe(`${statement} WHERE org_id = '${other.orgId}'`));
      assert.equal((await verify(system, other.caller)).firstBreak?.kind, kind);
    }
  });
});
