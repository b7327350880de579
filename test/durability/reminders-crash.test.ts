import assert from 'node:assert/strict';
import { z } from 'zod';
import { leaseSeconds } from '#workers/dispatcher/take-mails.js';
import { buildApproval } from '../builders/build-approval.js';
import { buildMember } from '../builders/build-member.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

/** A mail stays for `leaseSeconds` with a worker that died over it. */
const longestMs = leaseSeconds * 1000 + 30_000;
const Shown = z.object({ remindersSent: z.int(), escalatedAt: z.string().nullable() });

describe('a worker that crashes while reminders are pending', function () {
  this.timeout(360_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await system.worker.start();
  });

  /**
   * Waits for mails to an address and returns what each is about, sorted: one that was under way when the worker died
   * comes after later ones, or twice under the same id.
   */
  function received(address: string, count: number): Promise<string[]> {
    return eventually(
      `${count} mails have come for ${address}`,
      async () => {
        const mails = await system.mailbox.mailsTo(address);
        const came = new Map(
          mails.map(({ messageId, subject }) => [messageId, subject?.split(':')[0] ?? '']),
        );
        return came.size >= count ? [...came.values()].sort() : undefined;
      },
      longestMs,
    );
  }

  it('loses none of them, and doubles none', async () => {
    const { app, worker } = system;
    const organization = await buildOrganization(app);
    const manager = await buildMember(app, organization, 'manager');
    const { id, runId } = await buildApproval(app, organization, {
      approvers: { roles: ['manager'] },
      reminders: { every: '3s', max: 3 },
      escalation: { after: '4s', to: { roles: ['owner'] } },
    });
    await worker.kill();
    await worker.start();
    await received(manager.email, 2);
    await worker.kill();
    await worker.start();
    await received(organization.email, 1);
    await worker.kill();
    await worker.start();
    await received(manager.email, 4);
    await app.perform(manager.caller, 'approvals.decide', { id, decision: 'approved' });
    await finishedRun(app, organization.caller, runId);
    const approval = Shown.parse(await app.perform(manager.caller, 'approvals.get', { id }));
    assert.deepEqual([approval.remindersSent, approval.escalatedAt !== null], [3, true]);
    const toManager = await received(manager.email, 4);
    assert.deepEqual(toManager, ['Approval needed', 'Reminder', 'Reminder', 'Reminder']);
    const toOwner = await received(organization.email, 1);
    assert.equal(toOwner.filter((subject) => subject === 'Approval overdue').length, 1);
  });
});
