import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { sessions, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { PasskeyProof } from './passkeys/passkey-proof.js';
import { takePasskey } from './passkeys/take-passkey.js';
import { verifyPassword } from './password.js';
import { enterUser } from './person-context.js';
import { TotpCode, takeTotp } from './second-factor/verify-totp.js';
import { countTry, forgive } from './throttle/throttle.js';

const Confirm = z
  .strictObject({
    password: z.string().min(1).max(256).optional(),
    code: TotpCode.optional().describe('Of the authenticator app'),
    passkey: PasskeyProof.optional(),
  })
  .refine((given) => Object.values(given).filter((value) => value !== undefined).length === 1, {
    message: 'give one of password, code and passkey',
  });

/**
 * A person who is signed in proves anew who they are: for ten minutes they may then do what `needsRecentSignIn` guards.
 * Throws `forbidden` for a wrong proof, and `limit_exceeded` after many.
 */
export const confirm = defineAction({
  name: 'identity.confirm',
  title: 'Confirm that it is me',
  description:
    'Proves who you are by password, authenticator app or passkey, for the ten minutes that follow.',
  permission: 'self',
  effect: 'write',
  holdsSecret: true,
  http: { method: 'post', path: '/me/confirm' },
  input: Confirm,
  output: z.object({ isConfirmed: z.boolean() }),
  async run({ db, actor, services, afterCommit }: DomainContext, proof) {
    const { userId, orgId, session } = actor;
    if (!session) throw new AppError('forbidden', 'There is no session to confirm');
    // By session: who holds a stolen one can't keep its person out of another.
    const throttles = [{ key: `confirm ${session.id}`, free: 5 }];
    await countTry(db, throttles);
    await enterUser(db, userId);
    const method = await provenBy(services, db, { userId, ...proof });
    if (!method) {
      // The count of the failure has to stay: it is refused after the commit.
      afterCommit(() => {
        throw new AppError('forbidden', 'That is not right');
      });
      return { isConfirmed: false };
    }
    await forgive(db, throttles);
    await db
      .update(sessions)
      .set({
        authenticatedAt: sql`now()`,
        methods: sql`(SELECT array_agg(DISTINCT method) FROM unnest(${sessions.methods} || ${method}::text) AS method)`,
      })
      .where(and(eq(sessions.orgId, orgId), eq(sessions.id, session.id)));
    return { isConfirmed: true };
  },
});

async function provenBy(
  services: Services,
  db: Transaction,
  { userId, password, code, passkey }: z.output<typeof Confirm> & { userId: string },
): Promise<SignInMethod | undefined> {
  if (code !== undefined) return (await takeTotp(services, db, { userId, code })) ? 'totp' : undefined;
  if (passkey) return (await takePasskey(services, db, { userId, proof: passkey })) ? 'passkey' : undefined;
  const [user] = await db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, userId));
  return (await verifyPassword(user?.hash, password ?? '')) ? 'password' : undefined;
}
