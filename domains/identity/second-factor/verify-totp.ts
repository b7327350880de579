import { eq } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { totpSecrets } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';

const periodSeconds = 30;

/** A code of an authenticator app: six digits, spaces between them do not matter. */
export const TotpCode = z
  .string()
  .max(20)
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be six digits'));

/**
 * True if the code is one of the person's authenticator app now, half a minute ago or half a minute from now (RFC 6238,
 * 5.2), and neither it nor a later one was taken before. It is taken then. `unconfirmed`: the app is only being set up.
 * The transaction must have entered the person.
 */
export async function takeTotp(
  { vault }: Pick<Services, 'vault'>,
  transaction: Transaction,
  { userId, code, unconfirmed = false }: { userId: string; code: string; unconfirmed?: boolean },
): Promise<boolean> {
  const [row] = await transaction
    .select({
      secret: totpSecrets.secret,
      confirmedAt: totpSecrets.confirmedAt,
      lastStep: totpSecrets.lastStep,
    })
    .from(totpSecrets)
    .where(eq(totpSecrets.userId, userId))
    .for('update');
  if (!row || (row.confirmedAt === null) !== unconfirmed) return false;
  const secret = z.string().parse(vault.open({ userId, rowId: 'totp' }, row.secret));
  const nowMs = Date.now();
  const delta = totpOf(secret).validate({ token: code, window: 1, timestamp: nowMs });
  if (delta === null) return false;
  const step = Math.floor(nowMs / 1000 / periodSeconds) + delta;
  if (step <= row.lastStep) return false;
  await transaction.update(totpSecrets).set({ lastStep: step }).where(eq(totpSecrets.userId, userId));
  return true;
}

/** The generator of codes that every authenticator app knows. `secret` in base 32. */
export function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({
    issuer: 'WorkSynapse',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
    secret: Secret.fromBase32(secret),
  });
}
