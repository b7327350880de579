import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { aiCalls } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { StoredValue, unpackValue } from '#runtime/packing.js';
import { callFields, ModelCall, presentCall } from './call.js';

/** One call, with what was said where that is kept. What others have asked is not for everybody: it has a permission of its own. */
export const getCall = defineAction({
  name: 'ai_calls.get',
  title: 'Get call of language model',
  description: 'Shows a call of a language model with its prompt and reply, as far as they are kept.',
  permission: 'ai_calls:read_content',
  effect: 'read',
  http: { method: 'get', path: '/ai/calls/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: ModelCall.extend({
    parameters: z.unknown().describe('All of the request but messages'),
    prompt: z.unknown().describe('Messages or texts; null: not kept, or not any more'),
    reply: z.unknown().describe('Null: not kept, not any more, or there was none'),
  }),
  async run({ db, actor, services }: DomainContext, { id }) {
    const [row] = await db
      .select({
        ...callFields,
        parameters: aiCalls.parameters,
        prompt: aiCalls.prompt,
        reply: aiCalls.reply,
      })
      .from(aiCalls)
      .where(and(eq(aiCalls.orgId, actor.orgId), eq(aiCalls.id, id)));
    if (!row) throw new AppError('not_found', 'There is no such call');
    const files = services.files(actor.orgId, db);
    const said = async (kept: unknown) => {
      if (kept === null) return null;
      return unpackValue(files, StoredValue.parse(kept)).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'not_found') return null;
        throw error;
      });
    };
    return { ...presentCall(row), prompt: await said(row.prompt), reply: await said(row.reply) };
  },
});
