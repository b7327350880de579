import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { events } from '#db/schema/index.js';
import { Notification } from '#domains/notifications/notification.js';
import type { Caller } from '#runtime/caller.js';
import { writeNotifications } from '#runtime/notifications/write-notifications.js';
import { manual, type TestNode } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildApproval } from '../builders/build-approval.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { roleWithKey } from '../builders/build-role.js';
import { buildTask } from '../builders/build-task.js';
import { finishedRun, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';

const Page = z.object({ items: z.array(Notification), nextCursor: z.string().nullable() });
const Unread = z.object({ unread: z.int(), latestAt: z.string().nullable() });
const stop: TestNode = { id: 'end', type: 'stop', input: { status: 'failed', message: 'No milk' } };

describe('notifications', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let ada: Awaited<ReturnType<typeof buildMember>>;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
    ada = await buildMember(system.app, acme, 'member');
  });

  const perform = (caller: Caller, action: string, input: object = {}) =>
    system.app.perform(caller, action, input);
  const list = async (caller: Caller, input: object = {}) =>
    Page.parse(await perform(caller, 'notifications.list', input));
  /** What somebody was told, once that are so many. */
  const told = (caller: Caller, count: number) =>
    eventually(`${count} notifications`, async () => {
      const { items } = await list(caller);
      return items.length === count ? items : undefined;
    });
  const unread = async (caller: Caller) =>
    Unread.parse(await perform(caller, 'notifications.count_unread')).unread;
  const want = (caller: Caller, kind: string, ways: { app: boolean; mail: boolean }) =>
    perform(caller, 'notifications.update_preference', { kind, ...ways });

  it('tell of a task that somebody else assigns, and of none that one takes', async () => {
    const taken = await buildTask(system.app, acme.caller, { assigneeId: acme.userId });
    const given = await buildTask(system.app, acme.caller, { title: 'Buy milk', assigneeId: ada.userId });
    const [first] = await told(ada.caller, 1);
    assert.equal(first?.title, 'Assigned to you: Buy milk');
    assert.equal(first.path, `/tasks/${given.id}`);
    await perform(ada.caller, 'tasks.update', { id: taken.id, assigneeId: ada.userId, title: 'Mine now' });
    await perform(ada.caller, 'tasks.update', { id: given.id, assigneeId: acme.userId });
    assert.deepEqual(
      (await told(acme.caller, 1)).map(({ subjectId }) => subjectId),
      [given.id],
    );
    assert.equal((await list(ada.caller)).items.length, 1);
  });

  it('join news of the same thing until it was read', async () => {
    const { id } = await buildTask(system.app, acme.caller, { assigneeId: ada.userId });
    await told(ada.caller, 1);
    const again = async () => {
      await perform(acme.caller, 'tasks.update', { id, assigneeId: null });
      await perform(acme.caller, 'tasks.update', { id, assigneeId: ada.userId });
    };
    await again();
    const [row] = await eventually('it tells of both', async () => {
      const { items } = await list(ada.caller);
      return items[0]?.count === 2 ? items : undefined;
    });
    assert.equal(await unread(ada.caller), 1);
    await perform(ada.caller, 'notifications.mark_read', { ids: [row?.id] });
    await again();
    await told(ada.caller, 2);
    assert.equal(await unread(ada.caller), 1);
  });

  it('tell who may decide of an approval, until somebody has', async () => {
    const guest = await buildMember(system.app, acme, 'guest');
    const manager = await buildMember(system.app, acme, 'manager');
    const { id } = await buildApproval(system.app, acme, {
      approvers: { users: [manager.userId, guest.userId] },
    });
    const [asked] = await told(manager.caller, 1);
    assert.equal(asked?.subjectId, id);
    assert.equal(asked.readAt, null);
    assert.equal((await list(guest.caller)).items.length, 0, 'a guest may not decide');
    await perform(manager.caller, 'approvals.decide', { id, decision: 'approved' });
    await eventually('nothing is left to do', async () =>
      (await unread(manager.caller)) === 0 ? true : undefined,
    );
  });

  it('tell the owner of runs that fail, as one', async () => {
    const { id } = await buildAutomation(system.app, acme.caller, manual([stop], 'trigger > end'));
    for (let count = 1; count <= 2; count++) {
      await finishedRun(system.app, acme.caller, await startRun(system.app, acme.caller, id, {}));
    }
    const row = await eventually('both are told', async () => {
      const [first] = (await list(acme.caller)).items;
      return first?.count === 2 ? first : undefined;
    });
    assert.equal(row.kind, 'run_failed');
    assert.match(row.title, /failed$/);
    assert.match(row.path, /^\/runs\//);
  });

  it('tell of whoever joins by an invite of mine', async () => {
    const { id: roleId } = await roleWithKey(system.app, acme.caller, 'guest');
    const made = z
      .object({ code: z.string() })
      .parse(await perform(acme.caller, 'invites.create_code', { roleId }));
    const newcomer = { email: `n-${randomUUID()}@example.com`, password: 'correct horse battery' };
    await perform({ kind: 'anonymous' }, 'invites.accept', { ...made, ...newcomer, name: 'Nora New' });
    const [row] = await told(acme.caller, 1);
    assert.equal(row?.title, 'Nora New joined by your invite');
  });

  it('keep to what each wants, in the app and by mail', async () => {
    await want(ada.caller, 'task_assigned', { app: false, mail: true });
    await buildTask(system.app, acme.caller, { title: 'Buy milk', assigneeId: ada.userId });
    const mail = await system.mailbox.receivedAbout(ada.email, /Buy milk/);
    assert.match(mail.text ?? '', /\/tasks\//);
    assert.equal((await list(ada.caller)).items.length, 0);
    await assertRefused(want(ada.caller, 'nothing', { app: true, mail: true }), 'validation', 'kind');
  });

  it('send no mail about approvals to those who want none, nor of failed runs', async () => {
    const manager = await buildMember(system.app, acme, 'manager');
    await want(manager.caller, 'approval_requested', { app: true, mail: false });
    await want(acme.caller, 'run_failed', { app: true, mail: false });
    const users = [manager.userId, acme.userId];
    await buildApproval(system.app, acme, { approvers: { users } });
    const failing = await buildAutomation(system.app, acme.caller, manual([stop], 'trigger > end'));
    await finishedRun(system.app, acme.caller, await startRun(system.app, acme.caller, failing.id, {}));
    const rows = await openOwner(system.stack)`
      SELECT recipient, subject FROM outgoing_mails WHERE org_id = ${acme.orgId} AND dedupe_key !~ '^safety'`;
    const about = rows.filter(({ subject }) => /Approval|failed/.test(subject));
    assert.deepEqual(
      about.map(({ recipient }) => recipient),
      [acme.email],
      JSON.stringify(rows),
    );
    assert.match(about[0]?.subject, /Approval/);
  });

  it('are listed page by page, newest first, and marked up to what was seen', async () => {
    for (const title of ['First', 'Second', 'Third']) {
      await buildTask(system.app, acme.caller, { title, assigneeId: ada.userId });
      await eventually('it is told', async () => {
        const [newest] = (await list(ada.caller)).items;
        return newest?.title.endsWith(title) ? true : undefined;
      });
    }
    const page = await list(ada.caller, { limit: 2 });
    assert.deepEqual(
      page.items.map(({ title }) => title.slice(17)),
      ['Third', 'Second'],
    );
    const rest = await list(ada.caller, { limit: 2, cursor: page.nextCursor });
    assert.deepEqual(
      rest.items.map(({ title }) => title.slice(17)),
      ['First'],
    );
    const until = page.items[1]?.at;
    assert.deepEqual(await perform(ada.caller, 'notifications.mark_all_read', { until }), { marked: 2 });
    assert.deepEqual(await perform(ada.caller, 'notifications.mark_all_read', { until }), { marked: 0 });
    const left = await list(ada.caller, { unread: true });
    assert.deepEqual(
      left.items.map(({ title }) => title.slice(17)),
      ['Third'],
    );
  });

  it("are one's own: nobody else sees or marks them, nor the person in another organization", async () => {
    await buildTask(system.app, acme.caller, { assigneeId: ada.userId });
    const [row] = await told(ada.caller, 1);
    assert.deepEqual(await perform(acme.caller, 'notifications.mark_read', { ids: [row?.id] }), {
      marked: 0,
    });
    assert.equal((await list(acme.caller)).items.length, 0);
    assert.equal(await unread(ada.caller), 1);
  });

  it('tell nobody of a task in a project that they may not see', async () => {
    const guest = await buildMember(system.app, acme, 'guest');
    const project = await buildProject(system.app, acme.caller, { visibility: 'private' });
    await buildTask(system.app, acme.caller, {
      projectId: project.id,
      title: 'Secret',
      assigneeId: guest.userId,
    });
    await perform(acme.caller, 'projects.add_member', { id: project.id, userId: ada.userId });
    await buildTask(system.app, acme.caller, {
      projectId: project.id,
      title: 'Shared',
      assigneeId: ada.userId,
    });
    const [row] = await told(ada.caller, 1);
    assert.equal(row?.title, 'Assigned to you: Shared');
    assert.equal((await list(guest.caller)).items.length, 0);
  });

  it('are written once, though an event is taken twice, and not at all where the taking breaks off', async () => {
    const { id } = await buildTask(system.app, acme.caller, { assigneeId: ada.userId });
    await told(ada.caller, 1);
    const { database } = system.app.services;
    const take = (after: () => void) =>
      database.withOrg(acme.orgId, async (transaction) => {
        const happened = await transaction.select({ id: events.id, type: events.type }).from(events);
        const ids = happened.filter(({ type }) => type === 'task.created').map((event) => event.id);
        assert.equal(ids.length, 1);
        await writeNotifications(system.app.services, transaction, acme.orgId, ids);
        after();
      });
    await take(() => {});
    assert.deepEqual(
      (await list(ada.caller)).items.map(({ subjectId, count }) => [subjectId, count]),
      [[id, 1]],
    );
    await openOwner(system.stack)`DELETE FROM notifications WHERE org_id = ${acme.orgId}`;
    await assert.rejects(
      take(() => {
        throw new Error('the process dies');
      }),
    );
    assert.equal((await list(ada.caller)).items.length, 0);
  });
});
