import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { Transaction } from '#db/client.js';
import { sessions, signInRules } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';

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

const defaults: z.output<typeof SignInRules> = {
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
  return row ?? defaults;
}

export const getSignInRules = defineAction({
  name: 'organization.get_sign_in_rules',
  title: 'Show the rules for signing in',
  description: 'Shows how long sessions of the organization last, and whether they need a second factor.',
  permission: 'organization:read',
  effect: 'read',
  http: { method: 'get', path: '/organization/sign-in-rules' },
  input: z.strictObject({}),
  output: SignInRules,
  run: ({ db, actor }: DomainContext) => readSignInRules(db, actor.orgId),
});

/** Changes what is given. Shorter limits hold for sessions that are open, too; longer ones for new sessions. */
export const updateSignInRules = defineAction({
  name: 'organization.update_sign_in_rules',
  title: 'Change the rules for signing in',
  description:
    'Changes how long sessions last and whether a second factor is needed. Shorter limits bind open sessions at once; the second factor is asked for when somebody signs in.',
  permission: 'organization:update',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'patch', path: '/organization/sign-in-rules' },
  input: z.strictObject(SignInRules.partial().shape),
  output: SignInRules,
  async run({ db, actor: { orgId }, audit }: DomainContext, input) {
    // One who changes them at the same time waits here, and then changes what this one has made.
    await lockOrganization(db, orgId);
    const before = await readSignInRules(db, orgId);
    await db
      .insert(signInRules)
      .values({ orgId, ...defaults })
      .onConflictDoNothing();
    await db
      .update(signInRules)
      .set({ ...input, updatedAt: sql`now()` })
      .where(eq(signInRules.orgId, orgId));
    const rules = await readSignInRules(db, orgId);
    await db
      .update(sessions)
      .set({
        idleUntil: sql`least(${sessions.idleUntil}, ${sessions.lastUsedAt} + make_interval(mins => ${rules.idleMinutes}))`,
        endsAt: sql`least(${sessions.endsAt}, ${sessions.createdAt} + make_interval(hours => ${rules.absoluteHours}))`,
      })
      .where(eq(sessions.orgId, orgId));
    audit(changeBetween(before, rules, Object.keys(rules)));
    return rules;
  },
});
