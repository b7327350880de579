import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** An account that has a mail address, whoever asks. */
export interface Account {
  userId: string;
  /** Its person has shown that the address is theirs. Without that somebody else may have made it. */
  isEmailVerified: boolean;
}

/** The account with this mail address; undefined if there is none. */
export async function findAccount(transaction: Transaction, email: string): Promise<Account | undefined> {
  const [found] = await transaction.execute<{ userId: string }>(
    sql`SELECT user_id AS "userId" FROM find_log_in(${email}::citext)`,
  );
  return found && { userId: found.userId, isEmailVerified: false };
}
