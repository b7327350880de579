import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fence, fenceRule } from '#core/agents/fence.js';
import type { ModelMessage } from '#core/ai/message.js';
import type { ModelPurpose } from '#core/ai/model.js';
import type { ModelUse } from '#runtime/ai/model-use.js';
import type { Actor } from '#runtime/caller.js';

/** Text that is worked on; it is never taken for instructions. */
export const GivenText = z.string().min(1).max(400_000);

/** What every task takes beside what it is about. */
export const commonFields = {
  model: z
    .strictObject({ connectionId: z.uuid().nullable(), model: z.string().min(1).max(200) })
    .optional()
    .describe('Asked instead of those that are chosen'),
};

/** What every task tells of the call. */
export const costFields = {
  model: z.string(),
  costMinor: z.number().describe('Minor units that it has cost'),
};

/** Who asks, and for which step of which run. */
export function useOf(actor: Actor, purpose: ModelPurpose): ModelUse {
  const { runId, step } = actor;
  return {
    actor,
    purpose,
    ...(runId !== null && {
      run: { id: runId, step: step ? [step.nodeId, step.iteration].filter(Boolean).join(':') : '' },
    }),
  };
}

/** Instructions of ours, and a text from wherever, marked as data. */
export function messagesAbout(instructions: string, text: string): ModelMessage[] {
  const mark = randomBytes(6).toString('hex');
  return [
    { role: 'system', text: `${instructions}\n\n${fenceRule(mark)}` },
    { role: 'user', text: fence(mark, 'input', text) },
  ];
}

/** Minor units of millionths of them. */
export function minorOf(micros: number): number {
  return micros / 1_000_000;
}
