import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { complete } from '#runtime/ai/gateway.js';
import type { DomainContext } from '#runtime/domain.js';
import { commonFields, costFields, minorOf, useOf } from './task-fields.js';

export const generateText = defineAction({
  name: 'ai.generate',
  title: 'Generate text',
  description: 'Has a language model write a text by a prompt.',
  permission: 'ai:use',
  effect: 'write',
  http: { method: 'post', path: '/ai/generate' },
  input: z.strictObject({
    prompt: z.string().min(1).max(400_000),
    instructions: z.string().max(50_000).default('').describe('Who the model is to be, and what it keeps to'),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.int().min(1).max(100_000).optional(),
    ...commonFields,
  }),
  output: z.object({
    text: z.string(),
    isComplete: z.boolean().describe('False: it was cut off'),
    ...costFields,
  }),
  async outside({ actor, services }: DomainContext, { prompt, instructions, ...request }) {
    const system = instructions.trim() === '' ? [] : [{ role: 'system' as const, text: instructions }];
    const messages = [...system, { role: 'user' as const, text: prompt }];
    return (signal) => complete(services, useOf(actor, 'chat'), { ...given(request), messages }, { signal });
  },
  run: async (_context: DomainContext, _input, { text, stopReason, model, cost }) => ({
    text,
    isComplete: stopReason === 'end',
    model,
    costMinor: minorOf(cost),
  }),
});

/** Without the fields that were not given. */
function given<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
