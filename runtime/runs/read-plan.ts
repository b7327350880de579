import { and, eq } from 'drizzle-orm';
import type { Plan } from '#core/automation/plan.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automationVersions } from '#db/schema/index.js';

/** The plan of a published version. Throws `not_found`. */
export async function readPlan(
  transaction: Transaction,
  automationId: string,
  version: number,
): Promise<Plan> {
  const [row] = await transaction
    .select({ plan: automationVersions.plan })
    .from(automationVersions)
    .where(and(eq(automationVersions.automationId, automationId), eq(automationVersions.version, version)));
  if (!row) throw new AppError('not_found', 'There is no such version of the automation');
  return row.plan;
}
