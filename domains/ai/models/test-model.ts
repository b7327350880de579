import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { microsPerMinor } from '#core/ai/cost.js';
import { AppError, toErrorRecord } from '#core/errors.js';
import { findChoice, type ModelChoice } from '#runtime/ai/chosen-models.js';
import { complete, embed } from '#runtime/ai/gateway.js';
import type { ModelUse } from '#runtime/ai/model-use.js';
import type { DomainContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import { ChosenModel } from '../choices/choice.js';

const timeoutMs = 30_000;
const greeting = 'Hello';
const maxOutputTokens = 16;

const Answer = z.object({
  text: z.string().nullable().describe('What it has answered; null for a model that embeds'),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMinor: z.number().describe('Minor units, with decimals'),
  callId: z.uuid().describe('In the log of calls'),
});

/** Asks a model for a few words, as everybody does: budgets and the log count it. What it fails with is told, not thrown. */
export const testModel = defineAction({
  name: 'ai_models.test',
  title: 'Test language model',
  description:
    'Says hello to a language model, which shows whether it answers, how fast, and what that costs.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'post', path: '/ai/models/test' },
  input: ChosenModel,
  output: z.object({
    isWorking: z.boolean(),
    latencyMs: z.int(),
    answer: Answer.nullable(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  async outside({ db, actor, services }: DomainContext, choice) {
    const { abilities } = await findChoice(services, db, actor.orgId, choice);
    return async () => {
      const began = performance.now();
      const result = await ask(services, actor, choice, abilities.includes('chat')).then(
        (answer) => ({ answer, problem: null }),
        (error: unknown) => ({ answer: null, problem: problemOf(error) }),
      );
      return { ...result, latencyMs: Math.round(performance.now() - began) };
    };
  },
  run: async (_context, _choice, result) => ({ ...result, isWorking: result.problem === null }),
});

async function ask(
  services: Services,
  actor: ModelUse['actor'],
  model: ModelChoice,
  converses: boolean,
): Promise<z.output<typeof Answer>> {
  const signal = AbortSignal.timeout(timeoutMs);
  if (!converses) {
    const reply = await embed(
      services,
      { actor, purpose: 'embed' },
      { texts: [greeting], model },
      { signal },
    );
    const { inputTokens, cost, callId } = reply;
    return { text: null, inputTokens, outputTokens: 0, costMinor: cost / microsPerMinor, callId };
  }
  const messages = [{ role: 'user' as const, text: greeting }];
  const request = { model, messages, maxOutputTokens };
  const { text, usage, cost, callId } = await complete(services, { actor, purpose: 'chat' }, request, {
    signal,
  });
  const { inputTokens, outputTokens } = usage;
  return { text, inputTokens, outputTokens, costMinor: cost / microsPerMinor, callId };
}

function problemOf(error: unknown): { code: string; message: string } {
  if (error instanceof AppError) {
    const { code, message } = toErrorRecord(error);
    return { code, message };
  }
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { code: 'provider_unavailable', message: `It took longer than ${timeoutMs / 1000} s` };
  throw error;
}
