import { and, eq } from 'drizzle-orm';
import { microsPerMinor } from '#core/ai/cost.js';
import type { Transaction } from '#db/client.js';
import { aiBudgets } from '#db/schema/index.js';
import { composeBody, subjectLine } from '../mail/mail.js';
import { sendsMail, writeMails } from '../mail/write-mails.js';
import { findOwners } from '../membership/find-owners.js';
import type { Services } from '../services.js';
import type { RunningOut } from './settle.js';

/** Tells the owners of an organization that a budget runs out: each budget once in its period, for each of whom it counts. */
export async function tellOfBudget(
  services: Pick<Services, 'configuration' | 'vault' | 'logger'>,
  transaction: Transaction,
  orgId: string,
  { budgetId, subjectId, periodStart, spent }: RunningOut,
): Promise<{ queued: number }> {
  if (!sendsMail(services)) return { queued: 0 };
  const [budget] = await transaction
    .select({ name: aiBudgets.name, period: aiBudgets.period, limit: aiBudgets.limitMinor })
    .from(aiBudgets)
    .where(and(eq(aiBudgets.orgId, orgId), eq(aiBudgets.id, budgetId)));
  if (!budget) return { queued: 0 };
  const amount = (minor: number) => (minor / 100).toFixed(2);
  const title = `The budget “${budget.name}” runs out: ${amount(spent / microsPerMinor)} of ${amount(budget.limit)} are spent`;
  const body = composeBody({
    title,
    paragraphs: [
      'Calls of models that could cost more than what is left are refused. Raise it, or wait until it begins anew.',
    ],
    facts: [['Period', budget.period === 'total' ? 'for all time' : `this ${budget.period}`]],
    links: [],
    footer: 'You are told because you own the organization, once in each period.',
  });
  const owners = await findOwners(transaction, orgId);
  return writeMails(
    services,
    transaction,
    orgId,
    owners.map(({ userId, email }) => ({
      to: email,
      subject: subjectLine(title),
      body,
      dedupeKey: `budget:${budgetId}:${subjectId}:${periodStart}:${userId}`,
    })),
  );
}
