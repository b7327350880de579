import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';
import { enterUser } from '../person-context.js';

/** An account that has a mail address, whoever asks. */
export interface Account {
  userId: string;
  /** Its person has shown that the address is theirs. Without that somebody else may have made it. */
  isEmailVerified: boolean;
}

/** The account with this mail address; undefined if there is none. The transaction is left in no person. */
export async function findAccount(transaction: Transaction, email: string): Promise<Account | undefined> {
  const [found] = await transaction.execute<{ userId: string }>(
    sql`SELECT user_id AS "userId" FROM find_log_in(${email}::citext)`,
  );
  if (!found) return undefined;
  const { userId } = found;
  // People are visible to themselves, before they are members.
  await enterUser(transaction, userId);
  const [user] = await transaction
    .select({ verifiedAt: users.emailVerifiedAt })
    .from(users)
    .where(eq(users.id, userId));
  await enterUser(transaction, '');
  return { userId, isEmailVerified: user?.verifiedAt != null };
}
