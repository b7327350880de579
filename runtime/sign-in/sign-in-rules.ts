import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { signInRules } from '#db/schema/index.js';

export const SignInRules = z.object({
  idleMinutes: z
    .int()
    .min(20)
    .max(525_600)
    .describe('Minutes after which a session that is not used ends; 7 days unless set'),
  absoluteHours: z
    .int()
    .min(1)
    .max(8_760)
    .describe('Hours after which a session ends, however much it is used; 30 days unless set'),
  needsSecondFactor: z.boolean().describe('Nobody gets in by a password alone'),
});

/** Where an organization has said nothing. */
export const defaultSignInRules: z.output<typeof SignInRules> = {
  idleMinutes: 7 * 24 * 60,
  absoluteHours: 30 * 24,
  needsSecondFactor: false,
};

/** The rules of the transaction's organization. */
export async function readSignInRules(
  transaction: Transaction,
  orgId: string,
): Promise<z.output<typeof SignInRules>> {
  const [row] = await transaction
    .select({
      idleMinutes: signInRules.idleMinutes,
      absoluteHours: signInRules.absoluteHours,
      needsSecondFactor: signInRules.needsSecondFactor,
    })
    .from(signInRules)
    .where(eq(signInRules.orgId, orgId));
  return row ?? defaultSignInRules;
}
