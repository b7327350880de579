import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { isoBase64URL, isoUint8Array } from '@simplewebauthn/server/helpers';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { passkeys, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { titleField } from '#runtime/resource/text-field.js';
import { tellPerson } from '../email/tell-person.js';
import { enterUser } from '../person-context.js';
import { noteSecondFactor } from '../second-factor/note-second-factor.js';
import { countRecoveryCodes, makeRecoveryCodes, RecoveryCodes } from '../second-factor/recovery-codes.js';
import { Passkey, passkeyFields } from './passkey.js';
import { RegistrationResponse } from './passkey-proof.js';
import { relyingParty } from './relying-party.js';
import { useOnce } from './take-passkey.js';

const maxPasskeys = 20;

/** Gives what a browser needs to make a passkey for the person. */
export const beginPasskeyRegistration = defineAction({
  name: 'passkeys.begin',
  title: 'Begin to add a passkey',
  description: 'Gives what navigator.credentials.create needs, and a challenge to send back with its answer.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/me/passkeys/challenge' },
  input: z.strictObject({}),
  output: z.object({
    challenge: z.string().describe('Good for five minutes and once'),
    options: z.looseObject({}).describe('publicKey of navigator.credentials.create, as JSON'),
  }),
  async run({ db, actor: { userId }, services }: DomainContext) {
    await enterUser(db, userId);
    const [user] = await db
      .select({ name: users.name, email: users.email })
      .from(users)
      .where(eq(users.id, userId));
    const known = await db
      .select({ id: passkeys.credentialId })
      .from(passkeys)
      .where(eq(passkeys.userId, userId));
    const { token, webauthn } = await services.passkeyChallenges.issue('registration', userId);
    const options = await generateRegistrationOptions({
      rpName: 'WorkSynapse',
      rpID: relyingParty(services).id,
      userID: isoUint8Array.fromUTF8String(userId),
      userName: user?.email ?? '',
      userDisplayName: user?.name ?? '',
      challenge: isoBase64URL.toBuffer(webauthn),
      attestationType: 'none',
      excludeCredentials: known,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      timeout: services.passkeyChallenges.lifetimeSeconds * 1000,
    });
    return { challenge: token, options: { ...options } };
  },
});

/**
 * Takes a passkey that a browser has made, with recovery codes where the person has none. Throws `validation` naming
 * `response`, `unauthenticated` for a challenge that is over, `conflict` for one that was used or a passkey that is
 * known, and `limit_exceeded`.
 */
export const createPasskey = defineAction({
  name: 'passkeys.create',
  title: 'Add a passkey',
  description: 'Adds a passkey that a browser has made: it lets you in without a password.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/me/passkeys', status: 201 },
  emits: ['security.second_factor_changed'],
  input: z.strictObject({
    name: titleField(100),
    challenge: z.string().max(2_000),
    response: RegistrationResponse.describe('What navigator.credentials.create gave, as JSON'),
  }),
  output: Passkey.extend({ recoveryCodes: RecoveryCodes }),
  async run(context: DomainContext, { name, challenge: token, response }) {
    const { db, actor, services } = context;
    const { userId } = actor;
    const challenge = await services.passkeyChallenges.verify(token, 'registration', userId);
    const { id: expectedRPID, origin: expectedOrigin } = relyingParty(services);
    const verification = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge.webauthn,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
    }).catch(() => undefined);
    if (!verification?.verified) {
      throw invalidField({ path: 'response', message: 'is not the answer to this challenge' });
    }
    await enterUser(db, userId);
    if (!(await useOnce(services, db, { userId, id: challenge.id }))) {
      throw new AppError('conflict', 'This challenge was answered before');
    }
    if ((await db.$count(passkeys, eq(passkeys.userId, userId))) >= maxPasskeys) {
      throw new AppError('limit_exceeded', `You have ${maxPasskeys} passkeys; remove one first`);
    }
    const { credential, credentialBackedUp } = verification.registrationInfo;
    const [made] = await db
      .insert(passkeys)
      .values({
        userId,
        name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: response.response.transports,
        isBackedUp: credentialBackedUp,
      })
      .returning(passkeyFields)
      .catch(refuseKnown);
    if (!made) throw new AppError('internal', 'The passkey was not written');
    const left = await countRecoveryCodes(db, userId);
    const recoveryCodes = left > 0 ? [] : await makeRecoveryCodes(db, userId);
    await tellPerson(context, {
      title: 'A passkey was added',
      text: 'A passkey was added to your account: whoever holds it can sign in.',
    });
    await noteSecondFactor(context, 'passkey', 'added');
    return { ...made, recoveryCodes };
  },
});

function refuseKnown(error: unknown): never {
  if (!violatesUnique(error, 'passkeys_credential_id_unique')) throw error;
  throw new AppError('conflict', 'This passkey is known already', { cause: error });
}
