import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import type { SignInChallenge, SignInMethod } from '#runtime/sign-in-challenges.js';
import { noticeMail } from '../email/email-mails.js';
import { mailPerson } from '../email/mail-person.js';
import { deviceHash, isKnownDevice } from '../known-device.js';
import { letIn } from '../let-in.js';
import { noteFailure } from '../note-failure.js';
import { PasskeyProof } from '../passkeys/passkey-proof.js';
import { takePasskey } from '../passkeys/take-passkey.js';
import { Session } from '../session.js';
import { countLogInTry } from '../throttle/count-log-in-try.js';
import { secondFactorThrottles } from '../throttle/log-in-throttles.js';
import { forgive } from '../throttle/throttle.js';
import { challengeOver, openChallenge, useChallenge } from './challenge-row.js';
import { readPersonEmail } from './read-person-email.js';
import { countRecoveryCodes, RecoveryCode, takeRecoveryCode } from './recovery-codes.js';
import { TotpCode, takeTotp } from './verify-totp.js';

const Given = z.strictObject({
  challenge: z.string().max(2_000).describe('Of the answer to log-in'),
  code: TotpCode.optional().describe('Of the authenticator app'),
  recoveryCode: RecoveryCode.optional(),
  passkey: PasskeyProof.optional(),
});

/**
 * Ends a log-in that asked for a second factor. A challenge is good for five tries. Throws `unauthenticated`, and
 * `limit_exceeded` after many failures.
 */
export const verifySecondFactor: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.verify_second_factor',
  title: 'Give the second factor',
  description: 'Exchanges the challenge of log-in and a second factor for a session.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.new_device'],
  http: { method: 'post', path: '/log-in/second-factor' },
  input: Given.refine(
    ({ code, recoveryCode, passkey }) =>
      [code, recoveryCode, passkey].filter((given) => given !== undefined).length === 1,
    { message: 'give one of code, recoveryCode and passkey' },
  ),
  output: Session,
  async run(context: PublicContext, { challenge: token, ...given }) {
    const { services, origin, cookies } = context;
    const { database } = services;
    const challenge = await services.signInChallenges.verify(token, 'second_factor');
    const { userId } = challenge;
    const device = deviceHash(cookies);
    const isKnown = await database.withUser(userId, (transaction) =>
      isKnownDevice(transaction, userId, device),
    );
    const throttles = secondFactorThrottles(userId, isKnown ? device : undefined, origin);
    await countLogInTry(context, userId, throttles);
    const outcome = await database.withUser(userId, (transaction) =>
      decide(context, transaction, challenge, given),
    );
    if (outcome === 'wrong') {
      await noteFailure(database, userId, { outcome: 'second_factor', origin });
      throw new AppError('unauthenticated', 'That is not right, or was used before');
    }
    await database.withoutOrg((transaction) => forgive(transaction, throttles));
    if (outcome === 'over') throw challengeOver();
    outcome.announce();
    return outcome.session;
  },
});

type Factor = Omit<z.output<typeof Given>, 'challenge'>;

/** Returns what is wrong instead of throwing it: that it was tried has to stay. */
async function decide(
  context: PublicContext,
  transaction: Transaction,
  challenge: SignInChallenge,
  given: Factor,
) {
  if (!(await openChallenge(transaction, challenge))) return 'over';
  const factor = await factorIn(context, transaction, challenge.userId, given);
  if (!factor) return 'wrong';
  await useChallenge(transaction, challenge);
  const { orgId, userId, methods } = challenge;
  const announceMail =
    factor === 'recovery_code' ? await tellOfRecovery(context, transaction, challenge) : () => {};
  const proof = { orgId, userId, methods: [...methods, factor], action: verifySecondFactor };
  const { answer, announce } = await letIn(context, transaction, proof);
  if ('status' in answer) throw new AppError('internal', 'A second factor was not enough to be let in');
  return {
    session: answer,
    announce() {
      announce();
      announceMail();
    },
  };
}

async function factorIn(
  { services }: PublicContext,
  transaction: Transaction,
  userId: string,
  { code, recoveryCode, passkey }: Factor,
): Promise<SignInMethod | undefined> {
  if (code !== undefined)
    return (await takeTotp(services, transaction, { userId, code })) ? 'totp' : undefined;
  if (passkey)
    return (await takePasskey(services, transaction, { userId, proof: passkey })) ? 'passkey' : undefined;
  return (await takeRecoveryCode(transaction, userId, recoveryCode ?? '')) ? 'recovery_code' : undefined;
}

async function tellOfRecovery(
  { services }: PublicContext,
  transaction: Transaction,
  { id, userId }: SignInChallenge,
) {
  const left = await countRecoveryCodes(transaction, userId);
  const notice = noticeMail(await readPersonEmail(transaction, userId), {
    title: 'A recovery code was used',
    text: `Somebody signed in to your account by a recovery code in place of the second factor. ${left} codes are left.`,
    key: `recovery:${id}`,
  });
  return mailPerson(services, transaction, userId, notice);
}
