import assert from 'node:assert/strict';
import { z } from 'zod';
import type { ApprovalNotice } from '#core/automation/approval.js';
import { noticeApproval } from '#runtime/waits/notice-approval.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildApproval, linkIn } from '../builders/build-approval.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, stepStatuses } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { servedSystem } from '../ingress/served-system.js';
import { type TestSystem, workingSystem } from '../system.js';

const Shown = z.object({
  status: z.string(),
  remindersSent: z.int(),
  escalatedAt: z.iso.datetime().nullable(),
  approvers: z.object({ users: z.array(z.string()), roles: z.array(z.string()), needed: z.int() }),
});

describe('an approval that nobody decides', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let manager: BuiltMember;
  let second: BuiltMember;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
    manager = await buildMember(system.app, organization, 'manager');
    second = await buildMember(system.app, organization, 'manager');
  });

  const ask = (node: object) =>
    buildApproval(system.app, organization, { approvers: { roles: ['manager'] }, ...node });
  const decide = (id: string, { caller }: Pick<BuiltMember, 'caller'>, decision = 'approved') =>
    system.app.perform(caller, 'approvals.decide', { id, decision });
  const shown = async (id: string) =>
    Shown.parse(await system.app.perform(organization.caller, 'approvals.get', { id }));
  const finished = (runId: string) => finishedRun(system.app, organization.caller, runId);
  const subjectsTo = async ({ email }: { email: string }) =>
    (await system.mailbox.mailsTo(email)).map(({ subject }) => subject?.split(':')[0]);

  it('reminds those who have not decided, as often as it says and no more', async () => {
    const { id, runId } = await ask({
      approvers: { roles: ['manager'], needed: 2 },
      reminders: { every: '2s', max: 2 },
      timeout: '7s',
    });
    await decide(id, manager);
    assert.equal(stepStatuses(await finished(runId)).late, 'succeeded');
    await system.mailbox.received(second.email, 3);
    assert.deepEqual(await subjectsTo(second), ['Approval needed', 'Reminder', 'Reminder']);
    assert.deepEqual(await subjectsTo(manager), ['Approval needed']);
    assert.equal((await shown(id)).remindersSent, 2);
  });

  it('reminds nobody any more once it is decided', async () => {
    const { id, runId } = await ask({ reminders: { every: '1s', max: 20 } });
    await system.mailbox.received(second.email, 2);
    await decide(id, manager);
    const { remindersSent } = await shown(id);
    assert.equal(stepStatuses(await finished(runId)).yes, 'succeeded');
    assert.equal((await shown(id)).remindersSent, remindersSent);
    await system.mailbox.received(second.email, 1 + remindersSent);
    assert.equal((await subjectsTo(second)).length, 1 + remindersSent);
  });

  it('asks more people after its time, who may decide from then on, by their link too', async () => {
    const outsider = await buildMember(system.app, organization, 'member');
    const { address } = await servedSystem();
    const escalation = { after: '2s', to: { users: [outsider.userId], roles: ['owner'] } };
    const { id, runId } = await ask({ approvers: { roles: ['manager'], needed: 2 }, escalation });
    await assertRefused(decide(id, outsider), 'forbidden');
    await decide(id, manager);
    const [mail] = await system.mailbox.received(outsider.email);
    await system.mailbox.received(organization.email);
    assert.equal(mail?.subject, 'Approval overdue: Pay <100>?');
    const { escalatedAt, approvers } = await shown(id);
    assert.ok(escalatedAt !== null);
    assert.deepEqual(approvers, { users: [outsider.userId], roles: ['manager', 'owner'], needed: 2 });
    assert.deepEqual(await subjectsTo(manager), ['Approval needed'], 'who has decided is left alone');
    const body = new URLSearchParams({ decision: 'approved' });
    const sent = await fetch(address + linkIn(mail), { method: 'POST', body, redirect: 'manual' });
    assert.equal(sent.status, 303);
    assert.equal(stepStatuses(await finished(runId)).yes, 'succeeded');
  });

  it('reminds those who were asked later as well', async () => {
    const escalation = { after: '1s', to: { users: [organization.userId] } };
    const { id } = await ask({ reminders: { every: '3s', max: 1 }, escalation });
    await system.mailbox.received(organization.email, 2);
    assert.deepEqual(await subjectsTo(organization), ['Approval overdue', 'Reminder']);
    await decide(id, organization);
  });

  it('does neither after its run was cancelled', async () => {
    const { id, runId } = await ask({
      reminders: { every: '1s', max: 20 },
      escalation: { after: '1s', to: { roles: ['owner'] } },
    });
    await eventually('it is escalated', async () => ((await shown(id)).escalatedAt ? true : undefined));
    await system.app.perform(organization.caller, 'runs.cancel', { id: runId });
    assert.equal((await finished(runId)).status, 'cancelled');
    assert.equal((await shown(id)).status, 'cancelled');
  });

  it('is reminded of and escalated once, whatever is recorded twice, and not at all once it has ended', async () => {
    const { id } = await ask({});
    const { orgId } = organization;
    const { services } = system.app;
    const notice = async (told: ApprovalNotice) => {
      const { queued } = await services.database.withOrg(orgId, (db) =>
        noticeApproval(services, db, { orgId, id, notice: told }),
      );
      return queued;
    };
    const escalation = { kind: 'escalation', to: { users: [], roles: ['owner'] } } as const;
    assert.equal(await notice({ kind: 'reminder', number: 1 }), 2);
    assert.equal(await notice({ kind: 'reminder', number: 1 }), 0);
    assert.equal(await notice(escalation), 1);
    assert.equal(await notice(escalation), 0);
    await decide(id, manager);
    assert.equal(await notice({ kind: 'reminder', number: 2 }), 0);
    assert.equal((await shown(id)).remindersSent, 1);
  });

  const stranger = '0198c0de-0000-7000-8000-0000000000ff';
  const mistakes: [string, object, string, RegExp][] = [
    [
      'a reminder at its timeout',
      { reminders: { every: '1h' }, timeout: '1h' },
      'reminders.every',
      /shorter/,
    ],
    [
      'an escalation after its timeout',
      { escalation: { after: '2h', to: { roles: ['owner'] } }, timeout: '1h' },
      'escalation.after',
      /shorter/,
    ],
    [
      'an escalation to nobody',
      { escalation: { after: '1h', to: {} } },
      'escalation.to',
      /needs users or roles/,
    ],
    [
      'a person who is not there',
      { approvers: { users: [stranger] } },
      'approvers.users.0',
      /no active member/,
    ],
    [
      'a role that is not there',
      { approvers: { roles: ['owner', 'boss'] } },
      'approvers.roles.1',
      /no role boss/,
    ],
    [
      'an escalation to a person who is not there',
      { escalation: { after: '1h', to: { users: [stranger] } } },
      'escalation.to.users.0',
      /no active member/,
    ],
    [
      'an escalation to a role that is not there',
      { escalation: { after: '1h', to: { roles: ['boss'] } } },
      'escalation.to.roles.0',
      /no role boss/,
    ],
    ['too many reminders', { reminders: { every: '1h', max: 21 } }, 'reminders.max', /20/],
  ];
  for (const [what, node, path, message] of mistakes) {
    it(`can not be published with ${what}`, async () => {
      await assert.rejects(
        ask(node),
        (error: { code?: string; issues?: { node?: string; path: string; message: string }[] }) => {
          const [issue] = error.issues ?? [];
          assert.equal(error.code, 'validation');
          assert.deepEqual([issue?.node, issue?.path], ['ask', `nodes.0.${path}`]);
          assert.match(issue?.message ?? '', message);
          return true;
        },
      );
    });
  }

  it('can not be published with a person of another organization', async () => {
    const other = await buildOrganization(system.app);
    await assertRefused(ask({ approvers: { users: [other.userId] } }), 'validation');
  });
});
