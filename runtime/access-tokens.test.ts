import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createAccessTokens } from './access-tokens.js';

const ourKey = newKey();
const claims = { userId: randomUUID(), orgId: randomUUID(), sessionId: randomUUID() };
const genuine = { org: claims.orgId, sub: claims.userId, sid: claims.sessionId };

function newKey(): string {
  return JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}

interface Forgery {
  key?: string;
  payload?: JWTPayload;
  issuer?: string;
  audience?: string;
  type?: string;
  expires?: string;
}

/** A token that is right but for what is given. */
async function forge({
  key = ourKey,
  payload = genuine,
  issuer = 'worksynapse',
  audience = 'worksynapse',
  type = 'at+jwt',
  expires = '5m',
}: Forgery): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(await importJWK(JSON.parse(key), 'EdDSA'));
}

async function refuses(token: string): Promise<void> {
  const tokens = await createAccessTokens(ourKey);
  await assert.rejects(tokens.verify(token), { name: 'AppError', code: 'unauthenticated' });
}

describe('access tokens', () => {
  it('say who has signed in, and where', async () => {
    const tokens = await createAccessTokens(ourKey);
    assert.equal(tokens.lifetimeSeconds, 900);
    assert.deepEqual(await tokens.verify(await tokens.issue(claims)), claims);
    assert.deepEqual(await tokens.verify(await forge({})), claims);
  });

  it('expire', async () => {
    const tokens = await createAccessTokens(ourKey, -1);
    await refuses(await tokens.issue(claims));
    await refuses(await forge({ expires: '-1s' }));
  });

  it('are refused when another key signed them', async () => {
    await refuses(await forge({ key: newKey() }));
  });

  it('are refused for another audience, of another issuer, or of another kind', async () => {
    await refuses(await forge({ audience: 'elsewhere' }));
    await refuses(await forge({ issuer: 'elsewhere' }));
    await refuses(await forge({ type: 'JWT' }));
  });

  it('are refused without a user, an organization or a session', async () => {
    await refuses(await forge({ payload: { ...genuine, sub: '' } }));
    await refuses(await forge({ payload: { org: claims.orgId, sub: claims.userId } }));
    await refuses(await forge({ payload: { sub: claims.userId, sid: claims.sessionId } }));
  });

  it('are refused when a letter was changed, without a signature, or when they are no tokens', async () => {
    const tokens = await createAccessTokens(ourKey);
    const [header, , signature] = (await tokens.issue(claims)).split('.');
    const payload = Buffer.from(JSON.stringify({ ...genuine, org: randomUUID() })).toString('base64url');
    await refuses(`${header}.${payload}.${signature}`);
    await refuses(`${header}.${payload}.`);
    const unsigned = new UnsecuredJWT(genuine);
    await refuses(
      unsigned.setIssuer('worksynapse').setAudience('worksynapse').setExpirationTime('5m').encode(),
    );
    for (const text of ['', 'a.b.c', 'Bearer', 'x'.repeat(10_000)]) await refuses(text);
  });

  it('need an Ed25519 private key', async () => {
    const { d: _private, ...publicOnly } = JSON.parse(ourKey) as Record<string, string>;
    for (const key of ['', '{}', JSON.stringify(publicOnly)]) await assert.rejects(createAccessTokens(key));
  });
});
