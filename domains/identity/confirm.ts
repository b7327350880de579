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
import { countTry, forgive, type Throttle } from './throttle/throttle.js';

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
  async outside({ db, actor }: DomainContext, { password }) {
    const { userId, session } = actor;
    if (!session) throw new AppError('forbidden', 'There is no session to confirm');
    await countTry(db, throttlesOf(session.id));
    if (password === undefined) return async () => undefined;
    await enterUser(db, userId);
    const [user] = await db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, userId));
    return async () => ((await verifyPassword(user?.hash, password)) ? user?.hash : undefined);
  },
  async run({ db, actor, services }: DomainContext, proof, provenHash) {
    const { userId, orgId, session } = actor;
    if (!session) throw new AppError('forbidden', 'There is no session to confirm');
    await enterUser(db, userId);
    const method = await provenBy(services, db, { userId, ...proof, provenHash });
    if (!method) throw new AppError('forbidden', 'That is not right');
    await forgive(db, throttlesOf(session.id));
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

/** By session: who holds a stolen one can't keep its person out of another. */
function throttlesOf(sessionId: string): Throttle[] {
  return [{ key: `confirm ${sessionId}`, free: 5 }];
}

type Proof = z.output<typeof Confirm> & { userId: string; provenHash: string | null | undefined };

async function provenBy(
  services: Services,
  db: Transaction,
  { userId, code, passkey, provenHash }: Proof,
): Promise<SignInMethod | undefined> {
  if (code !== undefined) return (await takeTotp(services, db, { userId, code })) ? 'totp' : undefined;
  if (passkey) return (await takePasskey(services, db, { userId, proof: passkey })) ? 'passkey' : undefined;
  if (provenHash == null) return undefined;
  // It may have been changed since it was looked at.
  const isPresent = and(eq(users.id, userId), eq(users.passwordHash, provenHash));
  const [user] = await db.select({ id: users.id }).from(users).where(isPresent);
  return user && 'password';
}
