import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { Transaction } from '#db/client.js';
import { events } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { eventPolicy } from '#runtime/policies/event-visibility.js';

const Event = z.object({
  id: z.uuid(),
  type: z.string(),
  payload: z.unknown(),
  supportGrantId: z.uuid().nullable().describe('Done by support, let in by this grant'),
  createdAt: z.iso.datetime(),
});

/**
 * Reads the outbox in an order that never gets an event in front of one that was listed: by transaction, and only
 * transactions before which none is open any more. An event is listed a moment after it was committed.
 */
export const listEvents = defineAction({
  name: 'events.list',
  title: 'List events',
  description:
    'What happened in the organization, oldest first, from a known event on. Send the id of the last event as `after` and none is missed.',
  permission: 'events:read',
  effect: 'read',
  http: { method: 'get', path: '/events' },
  input: z.strictObject({
    after: z
      .uuid()
      .optional()
      .describe('Id of the last event that is known. One that is gone stands for the event before it.'),
    type: z.string().optional(),
    order: z.enum(['oldest', 'newest']).default('oldest').describe('What comes first'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    items: z.array(Event),
    hasPending: z
      .boolean()
      .describe('More has happened, and will be listed in a moment, when older transactions have ended'),
  }),
  async run({ db, actor }: DomainContext, { after, type, order, limit }) {
    const wanted = and(
      eq(events.orgId, actor.orgId),
      type === undefined ? undefined : eq(events.type, type),
      eventPolicy(actor),
    );
    const direction = order === 'oldest' ? asc : desc;
    // In this order: what is committed between the two is announced after the first, so it is looked for again.
    const [hasPending, items] = await Promise.all([
      existsWhere(db, and(wanted, sql`${events.transactionId} >= ${oldestOpen}`)),
      db
        .select()
        .from(events)
        .where(
          and(
            wanted,
            sql`${events.transactionId} < ${oldestOpen}`,
            after === undefined ? undefined : isBeyond(after, actor.orgId, order),
          ),
        )
        .orderBy(direction(events.transactionId), direction(events.id))
        .limit(limit),
    ]);
    return { items, hasPending };
  },
});

/** The oldest transaction that was open when the statement began, or the next one to come. */
const oldestOpen = sql`pg_snapshot_xmin(pg_current_snapshot())`;

function isBeyond(after: string, orgId: string, order: 'oldest' | 'newest'): SQL {
  const comparison = sql.raw(order === 'oldest' ? '>' : '<');
  return sql`(${events.transactionId}, ${events.id}) ${comparison} (
    SELECT transaction_id, id FROM (
      (SELECT known.transaction_id, known.id FROM events known
        WHERE known.org_id = ${orgId} AND known.id <= ${after} ORDER BY known.id DESC LIMIT 1)
      UNION ALL
      SELECT '0'::xid8, '00000000-0000-0000-0000-000000000000'::uuid
    ) position ORDER BY id DESC LIMIT 1)`;
}

async function existsWhere(db: Transaction, condition: SQL | undefined): Promise<boolean> {
  // The newest first, for that is what pending events are: the order leads the planner to the index.
  const newest = desc(events.transactionId);
  const found = await db.select({ id: events.id }).from(events).where(condition).orderBy(newest).limit(1);
  return found.length > 0;
}
