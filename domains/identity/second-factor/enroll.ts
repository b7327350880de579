import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { recordSecurityEvent } from '#runtime/security-events.js';
import type { SignInChallenge } from '#runtime/sign-in-challenges.js';
import { noticeMail } from '../email/email-mails.js';
import { mailPerson } from '../email/mail-person.js';
import { letIn } from '../let-in.js';
import { Session } from '../session.js';
import { challengeOver, openChallenge, useChallenge } from './challenge-row.js';
import { readPersonEmail } from './read-person-email.js';
import { RecoveryCodes } from './recovery-codes.js';
import { beginTotp, finishTotp, TotpSetup } from './set-up-totp.js';
import { TotpCode } from './verify-totp.js';

const challengeField = z.string().max(2_000).describe('Of the answer to log-in');

/** For one whose organization asks for a second factor: what an authenticator app needs. Throws `unauthenticated`. */
export const beginEnrollment: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.begin_enrollment',
  title: 'Set up a second factor to log in',
  description: 'Gives what an authenticator app needs, where log-in asks you to set one up.',
  effect: 'write',
  http: { method: 'post', path: '/log-in/enrollment' },
  input: z.strictObject({ challenge: challengeField }),
  output: TotpSetup,
  async run({ services }: PublicContext, { challenge: token }) {
    const challenge = await services.signInChallenges.verify(token, 'enroll_second_factor');
    const { userId } = challenge;
    const made = await services.database.withUser(userId, async (transaction) =>
      (await openChallenge(transaction, challenge)) ? beginTotp(services, transaction, userId) : undefined,
    );
    if (!made) throw challengeOver();
    return made;
  },
});

/** Takes the first code of the app, and lets the person in. Throws `unauthenticated`, and `validation` naming `code`. */
export const finishEnrollment: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.finish_enrollment',
  title: 'Confirm the second factor to log in',
  description: 'Exchanges the challenge and the first code of the authenticator app for a session.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.new_device', 'security.second_factor_changed'],
  http: { method: 'post', path: '/log-in/enrollment/confirm' },
  input: z.strictObject({ challenge: challengeField, code: TotpCode }),
  output: Session.extend({ recoveryCodes: RecoveryCodes }),
  async run(context: PublicContext, { challenge: token, code }) {
    const { services } = context;
    const challenge = await services.signInChallenges.verify(token, 'enroll_second_factor');
    const outcome = await services.database.withUser(challenge.userId, (transaction) =>
      finish(context, transaction, challenge, code),
    );
    if (outcome instanceof AppError) throw outcome;
    outcome.announce();
    return outcome.session;
  },
});

/** Returns what is wrong instead of throwing it: that it was tried has to stay. */
async function finish(
  context: PublicContext,
  transaction: Transaction,
  challenge: SignInChallenge,
  code: string,
) {
  if (!(await openChallenge(transaction, challenge))) return challengeOver();
  const { orgId, userId, methods } = challenge;
  const recoveryCodes = await finishTotp(context.services, transaction, { userId, code });
  if (!recoveryCodes) return invalidField({ path: 'code', message: 'is not what the app shows now' });
  await useChallenge(transaction, challenge);
  const notice = noticeMail(await readPersonEmail(transaction, userId), {
    title: 'An authenticator app was added',
    text: 'Somebody who knew your password set up an authenticator app for your account, for the organization asks for one.',
    key: `enrolled:${challenge.id}`,
  });
  const announceMail = await mailPerson(context.services, transaction, userId, notice);
  await enterOrg(transaction, orgId);
  await recordSecurityEvent(context.services, transaction, {
    orgId,
    kind: 'second_factor_changed',
    userId,
    principal: { kind: 'user', id: userId },
    origin: context.origin,
    details: { factor: 'totp', change: 'added' },
  });
  const proof = { orgId, userId, methods: [...methods, 'totp' as const], action: finishEnrollment };
  const { answer, announce } = await letIn(context, transaction, proof);
  if ('status' in answer) throw new AppError('internal', 'A second factor was not enough to be let in');
  return {
    session: { ...answer, recoveryCodes },
    announce() {
      announce();
      announceMail();
    },
  };
}
