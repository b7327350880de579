import { z } from 'zod';
import { defineEvent } from '#core/event.js';

const payload = z.object({ id: z.uuid(), name: z.string() });
const describe = (verb: string) => ({
  type: `automation.${verb}`,
  title: `Automation ${verb}`,
  description: `An automation was ${verb}.`,
  payload,
});

export const automationCreated = defineEvent(describe('created'));
export const automationUpdated = defineEvent(describe('updated'));
export const automationDeleted = defineEvent(describe('deleted'));
export const automationRestored = defineEvent(describe('restored'));
export const automationPaused = defineEvent(describe('paused'));
export const automationResumed = defineEvent(describe('resumed'));
export const automationPublished = defineEvent({
  ...describe('published'),
  payload: payload.extend({ publishedVersion: z.int() }),
});

export const approvalDecided = defineEvent({
  type: 'approval.decided',
  title: 'An approval was decided',
  description: 'People approved or rejected what a run waited for.',
  payload: z.object({
    id: z.uuid(),
    runId: z.uuid().nullable(),
    agentRunId: z.uuid().nullable(),
    decision: z.enum(['approved', 'rejected']),
    decidedBy: z.array(z.uuid()),
  }),
});

export const runTerminated = defineEvent({
  type: 'run.terminated',
  title: 'A run was terminated',
  description: 'A run was ended at once, without waiting for what it was doing.',
  payload: z.object({ runId: z.uuid(), automationId: z.uuid(), terminatedBy: z.uuid() }),
});
