import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { passkeys, signInChallenges } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import type { PasskeyProof } from './passkey-proof.js';
import { relyingParty } from './relying-party.js';

const Transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']));

/**
 * True if a passkey of the person has signed the challenge, with the person verified by the authenticator, and the
 * challenge had not been answered before. A counter that did not grow means a copied authenticator: false. Throws
 * `unauthenticated` for a challenge that is over. The transaction must have entered the person.
 */
export async function takePasskey(
  services: Services,
  transaction: Transaction,
  { userId, proof }: { userId: string; proof: z.output<typeof PasskeyProof> },
): Promise<boolean> {
  const challenge = await services.passkeyChallenges.verify(proof.challenge, 'sign_in');
  const own = and(eq(passkeys.userId, userId), eq(passkeys.credentialId, proof.response.id));
  const [row] = await transaction
    .select({
      credentialId: passkeys.credentialId,
      publicKey: passkeys.publicKey,
      counter: passkeys.counter,
      transports: passkeys.transports,
    })
    .from(passkeys)
    .where(own)
    .for('update');
  if (!row) return false;
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty(services);
  const { clientDataJSON, authenticatorData, signature, userHandle } = proof.response.response;
  const verification = await verifyAuthenticationResponse({
    response: {
      ...proof.response,
      response: {
        clientDataJSON,
        authenticatorData,
        signature,
        ...(userHandle !== undefined && { userHandle }),
      },
    },
    expectedChallenge: challenge.webauthn,
    expectedOrigin,
    expectedRPID,
    requireUserVerification: true,
    credential: {
      id: row.credentialId,
      publicKey: new Uint8Array(row.publicKey),
      counter: row.counter,
      transports: Transports.parse(row.transports),
    },
  }).catch(() => undefined);
  if (!verification?.verified) return false;
  if (!(await useOnce(services, transaction, { userId, id: challenge.id }))) return false;
  const { newCounter, credentialBackedUp } = verification.authenticationInfo;
  await transaction
    .update(passkeys)
    .set({ counter: newCounter, isBackedUp: credentialBackedUp, lastUsedAt: sql`now()` })
    .where(own);
  return true;
}

/** False where the challenge was answered before. */
export async function useOnce(
  { passkeyChallenges }: Pick<Services, 'passkeyChallenges'>,
  transaction: Transaction,
  { userId, id }: { userId: string; id: string },
): Promise<boolean> {
  const used = await transaction
    .insert(signInChallenges)
    .values({
      userId,
      id,
      purpose: 'passkey',
      expiresAt: sql`now() + make_interval(secs => ${passkeyChallenges.lifetimeSeconds * 2})`,
      usedAt: sql`now()`,
    })
    .onConflictDoNothing()
    .returning({ id: signInChallenges.id });
  return used.length > 0;
}
