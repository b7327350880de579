import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { aiCalls } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { callFields, ModelCall, presentCall } from './call.js';
import { callFilter, matchesCall } from './call-filter.js';

const sorts = { createdAt: byColumn(aiCalls.createdAt) };

/** A page of the calls of language models, without what was said. */
export const listCalls = defineAction({
  name: 'ai_calls.list',
  title: 'List calls of language models',
  description:
    'Lists calls of language models with tokens, cost and outcome: by time, person, agent, run and model.',
  permission: 'ai_calls:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/calls' },
  input: z.strictObject({ ...callFilter, ...pageInput(sorts, '-createdAt') }),
  output: pageOutput(ModelCall),
  async run({ db, actor }: DomainContext, { limit, cursor, sort, ...filter }) {
    const page = openPage(sorts, aiCalls.id, { limit, cursor, sort });
    const rows = await db
      .select({ ...callFields, ...page.fields })
      .from(aiCalls)
      .where(and(eq(aiCalls.orgId, actor.orgId), matchesCall(filter), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const { items, nextCursor } = page.close(rows);
    return { items: items.map(presentCall), nextCursor };
  },
});
