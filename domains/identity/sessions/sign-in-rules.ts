import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { sessions, signInRules } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { defaultSignInRules, readSignInRules, SignInRules } from '#runtime/sign-in/sign-in-rules.js';

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
      .values({ orgId, ...defaultSignInRules })
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
