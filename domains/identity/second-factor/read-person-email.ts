import { eq } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';

/** The person's address. The transaction must have entered the person. */
export async function readPersonEmail(transaction: Transaction, userId: string): Promise<string> {
  const [user] = await transaction.select({ email: users.email }).from(users).where(eq(users.id, userId));
  if (!user) throw new AppError('internal', 'A person who signs in is not to be found');
  return user.email;
}
