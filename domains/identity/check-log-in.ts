import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Database } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { noteLogInRefusal } from '#runtime/security/note-refusals.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { deviceHash, isKnownDevice } from './known-device.js';
import { noteFailure } from './note-failure.js';
import { verifyPassword } from './password.js';
import { secondFactorsOf } from './second-factor/unmet-demand.js';
import { takeTotp } from './second-factor/verify-totp.js';
import { countLogInTry } from './throttle/count-log-in-try.js';
import { accountKey, logInThrottles } from './throttle/log-in-throttles.js';
import { forget, forgive } from './throttle/throttle.js';

export interface Credentials {
  email: string;
  password: string;
  code?: string | undefined;
}

/**
 * Whose email and password these are, and what was proven: the code of an authenticator app counts where the person has
 * one. Throws `unauthenticated`, the same for an unknown email as for a wrong password and after the same work, and
 * `limit_exceeded`.
 */
export async function checkLogIn(
  context: PublicContext,
  { email, password, code }: Credentials,
): Promise<{ userId: string; methods: SignInMethod[] }> {
  const { services, origin, cookies } = context;
  const { database } = services;
  const found = await findLogIn(database, email);
  // Nobody's id stands in for that of an unknown person, so that all the same questions are asked.
  const userId = found?.userId ?? randomUUID();
  const device = deviceHash(cookies);
  const { isKnown, hasApp } = await database.withUser(userId, async (transaction) => ({
    isKnown: await isKnownDevice(transaction, userId, device),
    hasApp: (await secondFactorsOf(transaction, userId)).includes('totp'),
  }));
  const hasCode = hasApp && code !== undefined;
  const throttles = logInThrottles({
    email,
    userId: found?.userId,
    knownDevice: isKnown ? device : undefined,
    hasCode,
    origin,
  });
  await countLogInTry(context, found?.userId, throttles);
  const isPassword = await verifyPassword(found?.passwordHash, password);
  const isCode =
    !hasCode ||
    (isPassword &&
      (await database.withUser(userId, (transaction) => takeTotp(services, transaction, { userId, code }))));
  if (!isPassword || !isCode) {
    if (found) void noteLogInRefusal(services, 'log_in_failed', { userId, origin });
    await noteFailure(database, userId, { outcome: isPassword ? 'second_factor' : 'password', origin });
    throw new AppError('unauthenticated', 'Email or password is wrong');
  }
  await database.withoutOrg(async (transaction) => {
    await forgive(transaction, throttles);
    if (!isKnown) await forget(transaction, accountKey(email));
  });
  return { userId, methods: hasCode ? ['password', 'totp'] : ['password'] };
}

async function findLogIn(database: Database, email: string) {
  const [found] = await database.withoutOrg((transaction) =>
    transaction.execute<{ userId: string; passwordHash: string | null }>(
      sql`SELECT user_id AS "userId", password_hash AS "passwordHash" FROM find_log_in(${email}::citext)`,
    ),
  );
  return found;
}
