import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { noteLogInRefusal } from '#runtime/security/note-refusals.js';
import { countTry, type Throttle } from './throttle.js';

/**
 * As `countTry`, in the transaction given, or in one of its own. The organizations of a person who is refused are told, beside the answer;
 * of somebody unknown nobody is.
 */
export async function countLogInTry(
  { services, origin }: PublicContext,
  userId: string | undefined,
  throttles: readonly Throttle[],
  transaction?: Transaction,
): Promise<void> {
  const { database } = services;
  try {
    if (transaction) await countTry(transaction, throttles);
    else await database.withoutOrg((own) => countTry(own, throttles));
  } catch (error) {
    const isBlocked = error instanceof AppError && error.code === 'limit_exceeded';
    if (isBlocked && userId !== undefined)
      void noteLogInRefusal(services, 'log_in_blocked', { userId, origin });
    throw error;
  }
}
