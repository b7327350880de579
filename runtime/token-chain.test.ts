import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createTokenChain } from './token-chain.js';

const newKey = () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));

describe('a chain of tokens', () => {
  const key = newKey();
  const secret = randomBytes(32);

  it('goes on the same way each time, by 256 bits', () => {
    const next = createTokenChain(key).next(secret);
    assert.equal(next.length, 32);
    assert.deepEqual(createTokenChain(key).next(secret), next);
    assert.notDeepEqual(createTokenChain(key).next(next), next);
  });

  it('goes another way from another secret, and under another key', () => {
    const next = createTokenChain(key).next(secret);
    assert.notDeepEqual(createTokenChain(key).next(randomBytes(32)), next);
    assert.notDeepEqual(createTokenChain(newKey()).next(secret), next);
  });
});
