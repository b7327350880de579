import { and, desc, eq, gt, lt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { automationVersions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { selectSummaries, VersionSummary } from './version.js';

export const listVersions = defineAction({
  name: 'automations.list_versions',
  title: 'List versions',
  description:
    'The published versions of an automation, newest first: who published them, when, and with what note.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/versions' },
  input: z.strictObject({
    id: z.uuid(),
    before: z.coerce.number().int().optional().describe('Only versions older than this'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    items: z.array(VersionSummary),
    nextBefore: z.int().nullable().describe('`before` of the next page; null on the last one'),
  }),
  async run({ db }: DomainContext, { id, before, limit }) {
    const older = before === undefined ? undefined : lt(automationVersions.version, before);
    const found = await selectSummaries(db)
      .where(and(eq(automationVersions.automationId, id), gt(automationVersions.version, 0), older))
      .orderBy(desc(automationVersions.version))
      .limit(limit + 1);
    const items = found.slice(0, limit);
    return { items, nextBefore: found.length > limit ? (items.at(-1)?.version ?? null) : null };
  },
});
