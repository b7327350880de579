import assert from 'node:assert/strict';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { grants, members, roles } from '#db/schema/index.js';
import { buildAutomation } from '../builders/build-automation.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual } from './nodes.js';

describe('an automation whose publisher has lost the right', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let publisher: BuiltMember;
  beforeEach(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
    publisher = await buildMember(system.app, organization, 'manager');
  });

  it('does nothing once their role no longer holds the permission', async () => {
    await assertForbiddenAfter(async (transaction) => {
      const [guest] = await transaction.select({ id: roles.id }).from(roles).where(eq(roles.key, 'guest'));
      await transaction
        .update(members)
        .set({ roleId: guest?.id ?? '' })
        .where(eq(members.userId, publisher.userId));
    });
  });

  it('does nothing once they have left', async () => {
    await assertForbiddenAfter(async (transaction) => {
      await transaction
        .update(members)
        .set({ status: 'deactivated' })
        .where(eq(members.userId, publisher.userId));
    });
  });

  it('does nothing once its grant is revoked', async () => {
    await assertForbiddenAfter(async (transaction, automationId) => {
      await transaction
        .update(grants)
        .set({ revokedAt: new Date().toISOString() })
        .where(and(eq(grants.principalKind, 'automation'), eq(grants.principalId, automationId)));
    });
  });

  it('does nothing once its grant has expired', async () => {
    await assertForbiddenAfter(async (transaction, automationId) => {
      await transaction
        .update(grants)
        .set({ expiresAt: '2001-01-01T00:00:00Z' })
        .where(eq(grants.principalId, automationId));
    });
  });

  it('does nothing beyond its grant, whatever its publisher may do', async () => {
    await assertForbiddenAfter(async (transaction, automationId) => {
      await transaction
        .update(grants)
        .set({ scopes: ['tasks:read'] })
        .where(eq(grants.principalId, automationId));
    });
  });

  /** Publishes, starts a run that waits, withdraws the right, and lets the run come to the step that needs it. */
  async function assertForbiddenAfter(
    withdraw: (transaction: Transaction, automationId: string) => Promise<void>,
  ): Promise<void> {
    const { app } = system;
    const { caller, orgId } = organization;
    const project = await buildProject(app, caller);
    const { id } = await buildAutomation(
      app,
      publisher.caller,
      manual(
        [{ id: 'pause', type: 'wait', input: { duration: '700ms' } }, createTask('task', project.id, 'T')],
        'trigger > pause',
        'pause > task',
      ),
    );
    const allowed = await finishedRun(app, caller, await startRun(app, caller, id));
    assert.equal(allowed.status, 'succeeded');
    const runId = await startRun(app, caller, id);
    await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
    await app.services.database.withOrg(orgId, (transaction) => withdraw(transaction, id));
    const run = await finishedRun(app, caller, runId);
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.code, 'forbidden');
    assert.equal(run.error?.node, 'task');
    assert.equal(stepOf(run, 'task').attempts, 1);
    assert.deepEqual(await listTaskTitles(app, caller, project.id), ['T'], 'only what was allowed happened');
  }
});
