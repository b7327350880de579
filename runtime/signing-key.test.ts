import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readSigningKey } from './signing-key.js';

const { privateKey } = generateKeyPairSync('ed25519');
const jwk = privateKey.export({ format: 'jwk' });

describe('the signing key', () => {
  it('is read from a private JWK in JSON, with or without names for its use', async () => {
    const plain = await readSigningKey(JSON.stringify(jwk));
    const named = await readSigningKey(JSON.stringify({ ...jwk, kid: 'one', alg: 'EdDSA', use: 'sig' }));
    assert.equal(plain.thumbprint, named.thumbprint);
  });

  const wrong = {
    'cut off': JSON.stringify(jwk).slice(0, -2),
    'without its quotes': JSON.stringify(jwk).replaceAll('"', ''),
    'of another kind': JSON.stringify({ ...jwk, crv: 'X25519' }),
    'the public half': JSON.stringify({ ...jwk, d: undefined }),
    'of another length': JSON.stringify({ ...jwk, d: 'c2hvcnQ' }),
    'no key': 'hunter2',
  };
  for (const [name, text] of Object.entries(wrong)) {
    it(`is refused when it is ${name}, by the setting's name and without a part of it`, async () => {
      await assert.rejects(readSigningKey(text), (error: Error) => {
        assert.match(error.message, /^ACCESS_TOKEN_KEY must be an Ed25519 private key as a JWK in JSON\./);
        assert.equal(error.cause, undefined);
        return true;
      });
    });
  }
});
