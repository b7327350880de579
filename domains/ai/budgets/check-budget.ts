import { and, count, eq, isNull } from 'drizzle-orm';
import type { BudgetScope } from '#core/ai/budget.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { aiBudgets, departments, members } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** Each call is held against all that bound it. */
const maxBudgets = 200;

/** Refuses a budget for somebody who is not there. */
export async function checkBudget(
  context: DomainContext,
  { scope, subjectId }: { scope?: BudgetScope; subjectId?: string | null | undefined },
  id: string | undefined,
): Promise<ErrorIssue[]> {
  if (id === undefined) await requireRoomForBudget(context);
  if (scope === undefined || subjectId == null) return [];
  const message = await refusalOf(context.db, context.actor.orgId, scope, subjectId);
  return message === undefined ? [] : [{ path: 'subjectId', message }];
}

/** Throws `conflict` where there are as many budgets as there may be. */
export async function requireRoomForBudget({ db, actor }: DomainContext): Promise<void> {
  const [{ there } = { there: 0 }] = await db
    .select({ there: count() })
    .from(aiBudgets)
    .where(and(eq(aiBudgets.orgId, actor.orgId), isNull(aiBudgets.deletedAt)));
  if (there >= maxBudgets) throw new AppError('conflict', `There are ${maxBudgets} budgets already`);
}

async function refusalOf(
  db: Transaction,
  orgId: string,
  scope: BudgetScope,
  subjectId: string,
): Promise<string | undefined> {
  switch (scope) {
    case 'organization':
      return subjectId === orgId ? undefined : 'must be absent: it is for the whole organization';
    case 'department': {
      const [found] = await db
        .select({ id: departments.id })
        .from(departments)
        .where(
          and(eq(departments.orgId, orgId), eq(departments.id, subjectId), isNull(departments.deletedAt)),
        );
      return found ? undefined : 'is no department';
    }
    case 'user': {
      const [found] = await db
        .select({ id: members.userId })
        .from(members)
        .where(and(eq(members.orgId, orgId), eq(members.userId, subjectId), eq(members.status, 'active')));
      return found ? undefined : 'is no active member';
    }
    case 'agent':
    case 'run':
      return undefined;
  }
}
