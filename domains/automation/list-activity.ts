import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { automations, runStatuses, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** So many of the newest runs of each are told. */
const shownRuns = 20;
const maxAutomations = 200;

const Activity = z.object({
  automationId: z.uuid(),
  runs: z
    .array(z.object({ id: z.uuid(), status: z.enum(runStatuses), createdAt: z.iso.datetime() }))
    .describe(`Newest first, at most ${shownRuns}, tests left out`),
});

/** The newest runs of many automations at once, for lists of them. Those that never ran are left out. */
export const listActivity = defineAction({
  name: 'automations.list_activity',
  title: 'List recent activity',
  description: `Tells of up to ${maxAutomations} automations how their last ${shownRuns} runs went.`,
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/activity' },
  input: z.strictObject({
    ids: z
      .preprocess(
        (value) => (typeof value === 'string' ? value.split(',') : value),
        z.array(z.uuid()).min(1).max(maxAutomations),
      )
      .describe('In a query string with commas between'),
  }),
  output: z.object({ items: z.array(Activity) }),
  async run({ db, actor }: DomainContext, { ids }) {
    const newest = db
      .select({
        id: runs.id,
        status: runs.status,
        createdAt: sql<string>`${runs.createdAt}`.mapWith(runs.createdAt).as('run_created_at'),
      })
      .from(runs)
      .where(and(eq(runs.orgId, actor.orgId), eq(runs.automationId, automations.id), eq(runs.isTest, false)))
      .orderBy(desc(runs.createdAt))
      .limit(shownRuns)
      .as('newest');
    const rows = await db
      .select({
        automationId: automations.id,
        id: newest.id,
        status: newest.status,
        createdAt: newest.createdAt,
      })
      .from(automations)
      .innerJoinLateral(newest, sql`true`)
      .where(and(eq(automations.orgId, actor.orgId), inArray(automations.id, ids)))
      .orderBy(automations.id, desc(newest.createdAt));
    const items = new Map<string, z.input<typeof Activity>>();
    for (const { automationId, ...run } of rows) {
      const item = items.get(automationId) ?? { automationId, runs: [] };
      item.runs.push(run);
      items.set(automationId, item);
    }
    return { items: [...items.values()] };
  },
});
