import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { microsPerMinor } from '#core/ai/cost.js';
import { aiBudgets, aiSpending } from '#db/schema/index.js';
import { startOfPeriod } from '#runtime/ai/period-start.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { Budget } from './budget.js';

const Spending = z.object({
  budgetId: z.uuid(),
  name: z.string(),
  scope: Budget.shape.scope,
  subjectId: z.uuid().describe('Whose spending it is'),
  period: Budget.shape.period,
  periodStart: z.iso.date().describe('First day, in UTC; 1970-01-01 for all time'),
  isCurrent: z.boolean(),
  limitMinor: z.int(),
  spentMinor: z.number().describe('Minor units, with decimals'),
  reservedMinor: z.number().describe('Held back for calls that are out'),
  warnedAt: z.string().nullable().describe('When owners were told that it runs out'),
});

const Place = z.tuple([z.iso.date(), z.uuid(), z.uuid()]);

/** A page of what is spent of budgets, the newest period first. */
export const listSpending = defineAction({
  name: 'budgets.list_spending',
  title: 'List spending',
  description: 'Shows what is spent of budgets and held back for calls that are out, by subject and period.',
  permission: 'budgets:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/spending' },
  input: z.strictObject({
    budgetId: z.uuid().optional(),
    subjectId: z.uuid().optional(),
    current: z
      .preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
      .optional()
      .describe('True: of the present period only; false: of earlier ones only'),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(Spending),
  async run({ db, actor }: DomainContext, { budgetId, subjectId, current, limit, cursor }) {
    const isCurrent = sql<boolean>`${aiSpending.periodStart} = ${startOfPeriod(aiBudgets.period)}`;
    const rows = await db
      .select({
        budgetId: aiSpending.budgetId,
        name: aiBudgets.name,
        scope: aiBudgets.scope,
        subjectId: aiSpending.subjectId,
        period: aiBudgets.period,
        periodStart: aiSpending.periodStart,
        isCurrent,
        limitMinor: aiBudgets.limitMinor,
        spent: aiSpending.spent,
        reserved: aiSpending.reserved,
        warnedAt: aiSpending.warnedAt,
      })
      .from(aiSpending)
      .innerJoin(aiBudgets, and(eq(aiBudgets.orgId, aiSpending.orgId), eq(aiBudgets.id, aiSpending.budgetId)))
      .where(
        and(
          eq(aiSpending.orgId, actor.orgId),
          isNull(aiBudgets.deletedAt),
          budgetId === undefined ? undefined : eq(aiSpending.budgetId, budgetId),
          subjectId === undefined ? undefined : eq(aiSpending.subjectId, subjectId),
          current === undefined ? undefined : sql`(${isCurrent}) = ${current}`,
          cursor === undefined ? undefined : afterPlace(cursor),
        ),
      )
      .orderBy(desc(aiSpending.periodStart), desc(aiSpending.budgetId), desc(aiSpending.subjectId))
      .limit(limit + 1);
    const items = rows.slice(0, limit).map(({ spent, reserved, ...row }) => ({
      ...row,
      spentMinor: spent / microsPerMinor,
      reservedMinor: reserved / microsPerMinor,
    }));
    const last = rows.length > limit ? items.at(-1) : undefined;
    const place = last && [last.periodStart, last.budgetId, last.subjectId];
    return { items, nextCursor: place ? writeCursor(place) : null };
  },
});

function afterPlace(cursor: string): SQL {
  const [start, budgetId, subjectId] = readCursor(Place, cursor);
  return sql`(${aiSpending.periodStart}, ${aiSpending.budgetId}, ${aiSpending.subjectId}) < (${start}::date, ${budgetId}::uuid, ${subjectId}::uuid)`;
}
