import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { noteLogInRefusal } from '#runtime/security/note-refusals.js';
import { secondFactorsOf } from '#runtime/sign-in/unmet-demand.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { deviceHash, isKnownDevice } from './known-device.js';
import { noteFailure } from './note-failure.js';
import { verifyPassword } from './password.js';
import { enterUser } from './person-context.js';
import { takeTotp } from './second-factor/verify-totp.js';
import { countLogInTry } from './throttle/count-log-in-try.js';
import { accountKey, logInThrottles } from './throttle/log-in-throttles.js';
import { forget, forgive } from './throttle/throttle.js';

export interface Credentials {
  email: string;
  password: string;
  code?: string | undefined;
}

export interface ProvenLogIn {
  userId: string;
  methods: SignInMethod[];
  /**
   * The try was counted as a failure; this takes it back. To be called last in the transaction that lets the person in, for
   * it holds up others who try the same account.
   */
  settle(transaction: Transaction): Promise<void>;
}

/**
 * Whose email and password these are, and what was proven: the code of an authenticator app counts where the person has
 * one. Throws `unauthenticated`, the same for an unknown email as for a wrong password and after the same work, and
 * `limit_exceeded`.
 */
export async function checkLogIn(
  context: PublicContext,
  { email, password, code }: Credentials,
): Promise<ProvenLogIn> {
  const { services, origin } = context;
  const { database } = services;
  const { userId, passwordHash, isKnown, totpCode, throttles } = await database.withoutOrg((transaction) =>
    beginTry(context, transaction, { email, code }),
  );
  const isPassword = await verifyPassword(passwordHash, password);
  const isCode =
    totpCode === undefined ||
    (isPassword &&
      (await database.withUser(userId, (transaction) =>
        takeTotp(services, transaction, { userId, code: totpCode }),
      )));
  if (!isPassword || !isCode) {
    if (passwordHash !== undefined) void noteLogInRefusal(services, 'log_in_failed', { userId, origin });
    await noteFailure(database, userId, { outcome: isPassword ? 'second_factor' : 'password', origin });
    throw new AppError('unauthenticated', 'Email or password is wrong');
  }
  return {
    userId,
    methods: totpCode !== undefined ? ['password', 'totp'] : ['password'],
    async settle(transaction) {
      await forgive(transaction, throttles);
      if (!isKnown) await forget(transaction, accountKey(email));
    },
  };
}

/** Finds whose email it is and counts a try, as a failure, before the password is looked at. */
async function beginTry(
  context: PublicContext,
  transaction: Transaction,
  { email, code }: Pick<Credentials, 'email' | 'code'>,
) {
  const { origin, cookies } = context;
  const found = await findLogIn(transaction, email);
  // Nobody's id stands in for that of an unknown person, so that all the same questions are asked.
  const userId = found?.userId ?? randomUUID();
  const device = deviceHash(cookies);
  const [, isKnown, factors] = await Promise.all([
    enterUser(transaction, userId),
    isKnownDevice(transaction, userId, device),
    secondFactorsOf(transaction, userId),
  ]);
  const totpCode = factors.includes('totp') ? code : undefined;
  const throttles = logInThrottles({
    email,
    userId: found?.userId,
    knownDevice: isKnown ? device : undefined,
    hasCode: totpCode !== undefined,
    origin,
  });
  await countLogInTry(context, found?.userId, throttles, transaction);
  return { userId, passwordHash: found?.passwordHash, isKnown, totpCode, throttles };
}

async function findLogIn(transaction: Transaction, email: string) {
  const [found] = await transaction.execute<{ userId: string; passwordHash: string | null }>(
    sql`SELECT user_id AS "userId", password_hash AS "passwordHash" FROM find_log_in(${email}::citext)`,
  );
  return found;
}
