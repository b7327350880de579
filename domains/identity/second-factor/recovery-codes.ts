import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { recoveryCodes } from '#db/schema/index.js';

const amount = 10;
/** Crockford's base 32: no letter looks like a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A recovery code as people type it: case, spaces and hyphens do not matter. */
export const RecoveryCode = z
  .string()
  .max(60)
  .transform((text) => text.toLowerCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9a-z]{16}$/, 'must be sixteen letters and digits'));

export const RecoveryCodes = z.array(z.string()).describe('Shown only here: each is good once');

/** Ten new codes in place of all that were; only their hashes are kept. The transaction must have entered the person. */
export async function makeRecoveryCodes(transaction: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: amount }, makeCode);
  await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await transaction
    .insert(recoveryCodes)
    .values(codes.map((code) => ({ userId, hash: hashCode(userId, code) })));
  return codes.map((code) => (code.match(/.{4}/g) ?? []).join('-'));
}

/** Takes a code; false if it is none of the person's, or was taken before. Of two at once one gets it. */
export async function takeRecoveryCode(
  transaction: Transaction,
  userId: string,
  code: string,
): Promise<boolean> {
  const taken = await transaction
    .update(recoveryCodes)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.hash, hashCode(userId, code)),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ id: recoveryCodes.id });
  return taken.length > 0;
}

/** How many are left. */
export function countRecoveryCodes(transaction: Transaction, userId: string): Promise<number> {
  return transaction.$count(
    recoveryCodes,
    and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)),
  );
}

/** Sixteen characters, 80 bits: each byte gives five of its own. */
function makeCode(): string {
  return [...randomBytes(16)].map((byte) => alphabet.charAt(byte & 31)).join('');
}

function hashCode(userId: string, code: string): string {
  return createHash('sha256').update(`${userId} ${code}`).digest('hex');
}
