import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createAccessTokens } from './access-tokens.js';
import { createPasskeyChallenges } from './passkey-challenges.js';
import { createSignInChallenges, type SignInChallenge } from './sign-in-challenges.js';

const key = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
const refusal = { name: 'AppError', code: 'unauthenticated' };

describe('what the signing key signs for signing in', () => {
  const challenge: SignInChallenge = {
    id: randomUUID(),
    purpose: 'second_factor',
    userId: randomUUID(),
    orgId: randomUUID(),
    methods: ['password'],
  };

  it('is known again', async () => {
    const signIns = await createSignInChallenges(key);
    assert.deepEqual(await signIns.verify(await signIns.issue(challenge), 'second_factor'), challenge);
    const passkeys = await createPasskeyChallenges(key);
    const { token, webauthn } = await passkeys.issue('registration', challenge.userId);
    assert.equal((await passkeys.verify(token, 'registration', challenge.userId)).webauthn, webauthn);
  });

  it('never passes for something else that it signs', async () => {
    const [access, signIns, passkeys] = await Promise.all([
      createAccessTokens(key),
      createSignInChallenges(key),
      createPasskeyChallenges(key),
    ]);
    const { userId, orgId } = challenge;
    const tokens = {
      access: await access.issue({ userId, orgId, sessionId: randomUUID() }),
      signIn: await signIns.issue(challenge),
      passkey: (await passkeys.issue('sign_in')).token,
      registration: (await passkeys.issue('registration', userId)).token,
    };
    for (const token of [tokens.signIn, tokens.passkey, tokens.registration]) {
      await assert.rejects(access.verify(token), refusal);
    }
    for (const token of [tokens.access, tokens.passkey, tokens.registration]) {
      await assert.rejects(signIns.verify(token, 'second_factor'), refusal);
    }
    for (const token of [tokens.access, tokens.signIn, tokens.registration]) {
      await assert.rejects(passkeys.verify(token, 'sign_in'), refusal);
    }
    await assert.rejects(signIns.verify(tokens.signIn, 'enroll_second_factor'), refusal);
    await assert.rejects(passkeys.verify(tokens.passkey, 'registration', userId), refusal);
  });

  it('is for one person where it names one, and ends', async () => {
    const passkeys = await createPasskeyChallenges(key);
    const { token } = await passkeys.issue('registration', challenge.userId);
    await assert.rejects(passkeys.verify(token, 'registration', randomUUID()), refusal);
    const late = await createSignInChallenges(key, -1);
    await assert.rejects(late.verify(await late.issue(challenge), 'second_factor'), refusal);
    const lost = await createPasskeyChallenges(key, -1);
    await assert.rejects(lost.verify((await lost.issue('sign_in')).token, 'sign_in'), refusal);
  });
});
