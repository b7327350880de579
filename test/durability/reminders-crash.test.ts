import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildApproval } from '../builders/build-approval.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun } from '../builders/watch-runs.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

const Shown = z.object({ remindersSent: z.int(), escalatedAt: z.string().nullable() });

describe('a worker that crashes while reminders are pending', function () {
  this.timeout(180_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await system.worker.start();
  });

  it('loses none of them, and doubles none', async () => {
    const { app, worker, mailbox } = system;
    const organization = await buildOrganization(app);
    const manager = await buildMember(app, organization, 'manager');
    const { id, runId } = await buildApproval(app, organization, {
      approvers: { roles: ['manager'] },
      reminders: { every: '3s', max: 3 },
      escalation: { after: '4s', to: { roles: ['owner'] } },
    });
    await worker.kill();
    await worker.start();
    await mailbox.received(manager.email, 2);
    await worker.kill();
    await worker.start();
    await mailbox.received(organization.email);
    await worker.kill();
    await worker.start();
    await mailbox.received(manager.email, 4);
    await app.perform(manager.caller, 'approvals.decide', { id, decision: 'approved' });
    await finishedRun(app, organization.caller, runId);
    const approval = Shown.parse(await app.perform(manager.caller, 'approvals.get', { id }));
    assert.deepEqual([approval.remindersSent, approval.escalatedAt !== null], [3, true]);
    // A mail that was under way when the worker died may have come twice, under the same id.
    const came = new Map(
      (await mailbox.mailsTo(manager.email)).map((mail) => [mail.messageId, mail.subject]),
    );
    const subjects = [...came.values()].map((subject) => subject?.split(':')[0]);
    assert.deepEqual(subjects, ['Approval needed', 'Reminder', 'Reminder', 'Reminder']);
    const escalated = new Map(
      (await mailbox.mailsTo(organization.email)).map((mail) => [mail.messageId, mail.subject]),
    );
    const toOwner = [...escalated.values()].map((subject) => subject?.split(':')[0]);
    assert.equal(toOwner.filter((subject) => subject === 'Approval overdue').length, 1);
  });
});
