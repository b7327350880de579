import { AppError } from '#core/errors.js';
import type { PublicContext } from '#runtime/domain.js';
import { noteLogInRefusal } from '#runtime/security/note-refusals.js';
import { countTry, type Throttle } from './throttle.js';

/**
 * As `countTry`, in a transaction of its own. The organizations of a person who is refused are told, beside the answer;
 * of somebody unknown nobody is.
 */
export async function countLogInTry(
  { services, origin }: PublicContext,
  userId: string | undefined,
  throttles: readonly Throttle[],
): Promise<void> {
  try {
    await services.database.withoutOrg((transaction) => countTry(transaction, throttles));
  } catch (error) {
    const isBlocked = error instanceof AppError && error.code === 'limit_exceeded';
    if (isBlocked && userId !== undefined)
      void noteLogInRefusal(services, 'log_in_blocked', { userId, origin });
    throw error;
  }
}
