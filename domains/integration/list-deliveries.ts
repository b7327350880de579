import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { deliveries, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Delivery, deliveryColumns } from './delivery.js';

const sorts = { receivedAt: byColumn(deliveries.receivedAt) };

/** What became of a delivery. */
const outcomes = {
  waiting: sql`${deliveries.dispatchedAt} IS NULL`,
  started: sql`${deliveries.runCount} > 0`,
  nothing: sql`${deliveries.dispatchedAt} IS NOT NULL AND ${deliveries.runCount} = 0`,
} satisfies Record<string, SQL>;

export const listDeliveries = defineAction({
  name: 'deliveries.list',
  title: 'List deliveries',
  description:
    'What came in by webhook and mail, what the clock brought, and what apps were asked for, newest first.',
  permission: 'deliveries:read',
  effect: 'read',
  http: { method: 'get', path: '/deliveries' },
  input: z.strictObject({
    provider: z.string().optional(),
    outcome: z
      .enum(['waiting', 'started', 'nothing'])
      .optional()
      .describe('Not looked at yet, started runs, or matched no automation'),
    automationId: z.uuid().optional().describe('Those that started runs of this automation'),
    externalId: z.string().max(500).optional().describe("The vendor's own id of the delivery"),
    since: z.iso.datetime({ offset: true }).optional().describe('Those that came in at this moment or later'),
    until: z.iso.datetime({ offset: true }).optional().describe('Those that came in before this moment'),
    ...pageInput(sorts, '-receivedAt'),
  }),
  output: pageOutput(Delivery),
  async run(
    { db, actor }: DomainContext,
    { provider, outcome, automationId, externalId, since, until, ...request },
  ) {
    const page = openPage(sorts, deliveries.id, request);
    const rows = await db
      .select({ ...deliveryColumns, ...page.fields })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.orgId, actor.orgId),
          provider === undefined ? undefined : eq(deliveries.provider, provider),
          outcome === undefined ? undefined : outcomes[outcome],
          automationId === undefined ? undefined : hasStarted(actor.orgId, automationId),
          externalId === undefined ? undefined : eq(deliveries.externalId, externalId),
          since === undefined ? undefined : sql`${deliveries.receivedAt} >= ${since}::timestamptz`,
          until === undefined ? undefined : sql`${deliveries.receivedAt} < ${until}::timestamptz`,
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

function hasStarted(orgId: string, automationId: string): SQL {
  return sql`EXISTS (SELECT FROM ${runs} WHERE ${runs.orgId} = ${orgId} AND ${runs.automationId} = ${automationId}
    AND ${runs.sourceKind} = 'delivery' AND ${runs.sourceId} = ${deliveries.id})`;
}
