import { eq, sql } from 'drizzle-orm';
import { Secret } from 'otpauth';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { totpSecrets, users } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import { countRecoveryCodes, makeRecoveryCodes } from './recovery-codes.js';
import { takeTotp, totpOf } from './verify-totp.js';

/** What an authenticator app needs, shown once. */
export const TotpSetup = z.object({
  secret: z.string().describe('Base 32, to be typed in'),
  uri: z.string().describe('otpauth://…, to be shown as a QR code'),
});

/**
 * Makes a secret for an authenticator app, in place of one that was never confirmed. Throws `conflict` where the person
 * has one. The transaction must have entered the person.
 */
export async function beginTotp(
  { vault }: Services,
  transaction: Transaction,
  userId: string,
): Promise<z.output<typeof TotpSetup>> {
  const secret = new Secret({ size: 20 }).base32;
  const sealed = vault.seal({ userId, rowId: 'totp' }, secret);
  const [made] = await transaction
    .insert(totpSecrets)
    .values({ userId, secret: sealed })
    .onConflictDoUpdate({
      target: totpSecrets.userId,
      set: { secret: sealed, createdAt: sql`now()`, lastStep: 0 },
      setWhere: sql`${totpSecrets.confirmedAt} IS NULL`,
    })
    .returning({ userId: totpSecrets.userId });
  if (!made) throw new AppError('conflict', 'You have an authenticator app already; disable it first');
  const [user] = await transaction.select({ email: users.email }).from(users).where(eq(users.id, userId));
  return { secret, uri: totpOf(secret, user?.email ?? '').toString() };
}

/**
 * Takes the first code of the app, which is asked for from then on. Returns recovery codes where the person has none,
 * and undefined for a code that is not right. The transaction must have entered the person.
 */
export async function finishTotp(
  services: Services,
  transaction: Transaction,
  { userId, code }: { userId: string; code: string },
): Promise<string[] | undefined> {
  if (!(await takeTotp(services, transaction, { userId, code, unconfirmed: true }))) return undefined;
  await transaction
    .update(totpSecrets)
    .set({ confirmedAt: sql`now()` })
    .where(eq(totpSecrets.userId, userId));
  return (await countRecoveryCodes(transaction, userId)) > 0 ? [] : makeRecoveryCodes(transaction, userId);
}
