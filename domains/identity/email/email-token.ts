import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { type AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { emailTokens } from '#db/schema/index.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { hashToken, isSameHash, makeBoundToken, parseBoundToken } from '../bound-token.js';

type Purpose = typeof emailTokens.$inferSelect.purpose;

const prefix = 'wse_';
const minutes: Record<Purpose, number> = { verify: 3 * 24 * 60, reset: 30, change: 180 };
/** Whoever knows an address can make us mail to it: so many an hour, of a kind. */
const maxPerHour = 3;

/**
 * A token to mail to a person; undefined where enough were mailed within the hour. The transaction must have entered
 * the person.
 */
export async function issueEmailToken(
  transaction: Transaction,
  { userId, purpose, email }: { userId: string; purpose: Purpose; email: string },
): Promise<{ tokenId: string; token: string } | undefined> {
  // One after the other, so that many requests at once find what the others have made.
  await transaction.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`email token ${userId}`}, 0))`,
  );
  await transaction.execute(
    sql`DELETE FROM email_tokens WHERE user_id = ${userId} AND expires_at < now() - interval '7 days'`,
  );
  const own = and(eq(emailTokens.userId, userId), eq(emailTokens.purpose, purpose));
  const recent = await transaction.$count(
    emailTokens,
    and(own, gt(emailTokens.createdAt, sql`now() - interval '1 hour'`)),
  );
  if (recent >= maxPerHour) return undefined;
  const tokenId = timeOrderedId();
  const token = makeBoundToken(prefix, { ownerId: userId, rowId: tokenId });
  await transaction.insert(emailTokens).values({
    userId,
    id: tokenId,
    purpose,
    email,
    hash: hashToken(token),
    expiresAt: sql`now() + make_interval(mins => ${minutes[purpose]})`,
  });
  return { tokenId, token };
}

/** Whose token it claims to be. Throws `validation` naming `token`. */
export function ownerOfEmailToken(token: string): string {
  const parsed = parseBoundToken(prefix, token);
  if (!parsed) throw invalidToken();
  return parsed.ownerId;
}

/**
 * Takes a token, and with it all others of its purpose: of two who come with it at once, one gets it. Throws `validation`
 * naming `token`, the same for one that never was, is used or has expired. The transaction must have entered its owner.
 */
export async function takeEmailToken(
  transaction: Transaction,
  token: string,
  purposes: readonly Purpose[],
): Promise<{ tokenId: string; purpose: Purpose; email: string }> {
  const parsed = parseBoundToken(prefix, token);
  if (!parsed) throw invalidToken();
  const { ownerId: userId, rowId } = parsed;
  const [row] = await transaction
    .select({
      purpose: emailTokens.purpose,
      email: emailTokens.email,
      hash: emailTokens.hash,
      isGood: sql<boolean>`${emailTokens.usedAt} IS NULL AND ${emailTokens.expiresAt} > now()`,
    })
    .from(emailTokens)
    .where(and(eq(emailTokens.userId, userId), eq(emailTokens.id, rowId)))
    .for('update');
  if (!row?.isGood || !purposes.includes(row.purpose) || !isSameHash(row.hash, hashToken(token))) {
    throw invalidToken();
  }
  await endEmailTokens(transaction, userId, row.purpose);
  return { tokenId: rowId, purpose: row.purpose, email: row.email };
}

/** Ends what was mailed to the person for this purpose. */
export async function endEmailTokens(
  transaction: Transaction,
  userId: string,
  purpose: Purpose,
): Promise<void> {
  await transaction
    .update(emailTokens)
    .set({ usedAt: sql`now()` })
    .where(and(eq(emailTokens.userId, userId), eq(emailTokens.purpose, purpose), isNull(emailTokens.usedAt)));
}

function invalidToken(): AppError {
  return invalidField({ path: 'token', message: 'is not valid, has expired or was used before' });
}
