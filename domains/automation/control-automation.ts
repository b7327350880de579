import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AutomationDefinition } from '#core/automation/definition.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automationVersions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Automation, presentAutomation } from './automation.js';
import { changeAutomation } from './change-automation.js';
import { automationDeleted, automationPaused, automationResumed } from './events.js';
import { lockAutomation } from './find-automation.js';
import { listen, stopListening } from './listening.js';
import { cancelWaitingRuns, wakeWaitingRuns } from './waiting-runs.js';

const input = z.strictObject({ id: z.uuid() });

export const pauseAutomation = defineAction({
  name: 'automations.pause',
  title: 'Pause automation',
  description:
    'Stops listening. Runs under way go on; those that wait for their turn wait until it is resumed.',
  permission: 'automations:publish',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/pause' },
  input,
  output: Automation,
  emits: [automationPaused.type],
  async run(context: DomainContext, { id }) {
    const { db, services, emit } = context;
    const { status } = await lockAutomation(db, id);
    if (status === 'draft') throw new AppError('conflict', 'The automation is not published yet');
    await stopListening(context, id);
    const row = await changeAutomation(context, id, { status: 'paused', triggerError: null });
    emit(automationPaused, row);
    return presentAutomation(row, services);
  },
});

export const resumeAutomation = defineAction({
  name: 'automations.resume',
  title: 'Resume automation',
  description:
    'Lets the published version listen again. What came in while it was paused is not made up for.',
  permission: 'automations:publish',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/resume' },
  input,
  output: Automation,
  emits: [automationResumed.type],
  async run(context: DomainContext, { id }) {
    const { db, services, emit } = context;
    const automation = await lockAutomation(db, id);
    if (automation.publishedVersion === null) {
      throw new AppError('conflict', 'The automation is not published yet');
    }
    const definition = await publishedDefinition(db, id, automation.publishedVersion);
    await listen(context, { ...automation, version: automation.publishedVersion, definition });
    const row = await changeAutomation(context, id, { status: 'active', triggerError: null });
    await wakeWaitingRuns(context, id);
    emit(automationResumed, row);
    return presentAutomation(row, services);
  },
});

export const deleteAutomation = defineAction({
  name: 'automations.delete',
  title: 'Delete automation',
  description:
    'Stops listening and hides it. Runs under way go on, those that wait for their turn are cancelled; it can be restored, and is paused then.',
  permission: 'automations:delete',
  effect: 'destroy',
  http: { method: 'delete', path: '/automations/:id', status: 204 },
  input,
  output: z.unknown(),
  emits: [automationDeleted.type],
  async run(context: DomainContext, { id }) {
    const { db, emit } = context;
    const { name, status } = await lockAutomation(db, id);
    await cancelWaitingRuns(context, id);
    await stopListening(context, id);
    await changeAutomation(context, id, {
      deletedAt: sql`now()`,
      status: status === 'active' ? 'paused' : status,
    });
    emit(automationDeleted, { id, name });
    return null;
  },
});

async function publishedDefinition(db: Transaction, automationId: string, version: number) {
  const [row] = await db
    .select({ definition: automationVersions.definition })
    .from(automationVersions)
    .where(and(eq(automationVersions.automationId, automationId), eq(automationVersions.version, version)));
  return AutomationDefinition.parse(row?.definition);
}
