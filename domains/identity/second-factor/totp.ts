import { and, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { passkeys, recoveryCodes, totpSecrets } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { secondFactorsOf } from '#runtime/sign-in/unmet-demand.js';
import { tellPerson } from '../email/tell-person.js';
import { enterUser } from '../person-context.js';
import { noteSecondFactor } from './note-second-factor.js';
import { countRecoveryCodes, makeRecoveryCodes, RecoveryCodes } from './recovery-codes.js';
import { beginTotp, finishTotp, TotpSetup } from './set-up-totp.js';
import { TotpCode } from './verify-totp.js';

/** Makes a secret; it asks for nothing until its first code is given to `totp.confirm`. Throws `conflict`. */
export const beginTotpSetup = defineAction({
  name: 'totp.begin',
  title: 'Set up an authenticator app',
  description: 'Gives what an authenticator app needs to make codes.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/me/totp' },
  input: z.strictObject({}),
  output: TotpSetup,
  async run({ db, actor: { userId }, services }: DomainContext) {
    await enterUser(db, userId);
    return beginTotp(services, db, userId);
  },
});

/** From the first code on, a password alone lets nobody in. Throws `validation` naming `code`. */
export const confirmTotpSetup = defineAction({
  name: 'totp.confirm',
  title: 'Confirm the authenticator app',
  description: 'Takes the first code of the app. From then on log-in asks for one.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/me/totp/confirm' },
  emits: ['security.second_factor_changed'],
  input: z.strictObject({ code: TotpCode }),
  output: z.object({ recoveryCodes: RecoveryCodes }),
  async run(context: DomainContext, { code }) {
    const { db, actor, services } = context;
    const { userId } = actor;
    await enterUser(db, userId);
    const recovery = await finishTotp(services, db, { userId, code });
    if (!recovery)
      throw invalidField({ path: 'code', message: 'is not what the app shows now; is its clock right?' });
    await tellPerson(context, {
      title: 'An authenticator app was added',
      text: 'Signing in to your account asks for a code of an authenticator app from now on.',
    });
    await noteSecondFactor(context, 'totp', 'added');
    return { recoveryCodes: recovery };
  },
});

/** Log-in asks for no code any more, except where an organization wants a second factor. Throws `not_found`. */
export const disableTotp = defineAction({
  name: 'totp.disable',
  title: 'Remove the authenticator app',
  description: 'Forgets the app, and the recovery codes unless you have a passkey.',
  permission: 'self',
  effect: 'destroy',
  needsRecentSignIn: true,
  http: { method: 'delete', path: '/me/totp' },
  emits: ['security.second_factor_changed'],
  input: z.strictObject({}),
  output: z.object({}),
  async run(context: DomainContext) {
    const { db, actor } = context;
    const { userId } = actor;
    await enterUser(db, userId);
    const removed = await db
      .delete(totpSecrets)
      .where(and(eq(totpSecrets.userId, userId), isNotNull(totpSecrets.confirmedAt)))
      .returning({ userId: totpSecrets.userId });
    if (removed.length === 0) throw new AppError('not_found', 'You have no authenticator app');
    const others = await db.$count(passkeys, eq(passkeys.userId, userId));
    if (others === 0) await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    await tellPerson(context, {
      title: 'Your authenticator app was removed',
      text: 'Signing in to your account no longer asks for a code of an authenticator app.',
    });
    await noteSecondFactor(context, 'totp', 'removed');
    return {};
  },
});

/** Ten new codes; all earlier ones end. Throws `conflict` where there is no second factor to recover. */
export const regenerateRecoveryCodes = defineAction({
  name: 'recovery_codes.regenerate',
  title: 'Make new recovery codes',
  description: 'Makes ten codes that stand in for the second factor, each once. Earlier ones end.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/me/recovery-codes' },
  emits: ['security.second_factor_changed'],
  input: z.strictObject({}),
  output: z.object({ recoveryCodes: RecoveryCodes }),
  async run(context: DomainContext) {
    const { db, actor } = context;
    const { userId } = actor;
    await enterUser(db, userId);
    if ((await secondFactorsOf(db, userId)).length === 0) {
      throw new AppError('conflict', 'Set up an authenticator app or a passkey first');
    }
    const made = await makeRecoveryCodes(db, userId);
    await tellPerson(context, {
      title: 'New recovery codes were made',
      text: 'The recovery codes that you had before no longer work.',
    });
    await noteSecondFactor(context, 'recovery_codes', 'replaced');
    return { recoveryCodes: made };
  },
});

/** What stands between a stolen password and the account. */
export const listSecondFactors = defineAction({
  name: 'identity.list_second_factors',
  title: 'Show my second factors',
  description: 'Shows which second factors you have set up, and how many recovery codes are left.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/me/second-factors' },
  input: z.strictObject({}),
  output: z.object({
    methods: z.array(z.enum(['totp', 'passkey', 'recovery_code'])),
    recoveryCodesLeft: z.int(),
  }),
  async run({ db, actor: { userId } }: DomainContext) {
    await enterUser(db, userId);
    return {
      methods: await secondFactorsOf(db, userId),
      recoveryCodesLeft: await countRecoveryCodes(db, userId),
    };
  },
});
