import { AppError } from '#core/errors.js';
import { isBeyond, type QuotaName, type QuotaState, quotas } from '#core/quotas.js';
import type { Transaction } from '#db/client.js';
import { readQuotas } from './read-quotas.js';

/**
 * Throws `limit_exceeded`, with how much there is and when it begins anew, if the organization may not use so much more.
 * What is used is counted by whoever uses it; of several at the same moment, all may be let in.
 */
export async function requireQuota(
  transaction: Transaction,
  orgId: string,
  { name, wanted = 1 }: { name: QuotaName; wanted?: number },
): Promise<void> {
  const [state] = await readQuotas(transaction, orgId, [name]);
  if (state && isBeyond(state, wanted)) throw quotaExceeded(state);
}

/** The error for a quota that is used up. */
export function quotaExceeded(quota: QuotaState): AppError {
  const { name, limit, used, resetsAt } = quota;
  const { title, unit } = quotas[name];
  const advice =
    resetsAt === null
      ? 'Remove what is not needed, or change to a larger plan'
      : `Wait until ${resetsAt}, when it begins anew, or change to a larger plan`;
  const message = `${title}: of ${limit} ${unit}${resetsAt === null ? '' : ' a month'}, ${used} are used. ${advice}`;
  const wait = resetsAt === null ? {} : { retryAfterMs: Math.max(1, Date.parse(resetsAt) - Date.now()) };
  return new AppError('limit_exceeded', message, { quota, ...wait });
}
