import { and, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { automationDrafts, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

const KeptDraft = z.object({
  number: z.int().describe('For `automations.restore_draft`'),
  draft: z.unknown(),
  replacedBy: z.uuid(),
  replacedByName: z.string().nullable().describe('Null where that person has left the organization'),
  createdAt: z.iso.datetime().describe('When it was replaced'),
});

export const listDrafts = defineAction({
  name: 'automations.list_drafts',
  title: 'List replaced drafts',
  description: 'Drafts that a restored version or an import took the place of, newest first.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/drafts' },
  input: z.strictObject({
    id: z.uuid(),
    before: z.coerce.number().int().optional().describe('Only drafts with a smaller number'),
    limit: z.coerce.number().int().min(1).max(20).default(10),
  }),
  output: z.object({
    items: z.array(KeptDraft),
    nextBefore: z.int().nullable().describe('`before` of the next page; null on the last one'),
  }),
  async run({ db }: DomainContext, { id, before, limit }) {
    const { number, draft, replacedBy, createdAt, automationId } = automationDrafts;
    const older = before === undefined ? undefined : lt(number, before);
    const found = await db
      .select({ number, draft, replacedBy, replacedByName: users.name, createdAt })
      .from(automationDrafts)
      .leftJoin(users, eq(users.id, replacedBy))
      .where(and(eq(automationId, id), older))
      .orderBy(desc(number))
      .limit(limit + 1);
    const items = found.slice(0, limit);
    return { items, nextBefore: found.length > limit ? (items.at(-1)?.number ?? null) : null };
  },
});
