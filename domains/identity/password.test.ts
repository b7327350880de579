import assert from 'node:assert/strict';
import { parseOptions } from '@node-rs/argon2';
import { hashPassword, verifyPassword } from './password.js';

describe('password', () => {
  it('is hashed by argon2id with 19 MiB, two passes and one lane', async () => {
    const hashed = await hashPassword('correct horse battery');
    assert.match(hashed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.equal(parseOptions(hashed).saltLen, 16);
  });

  it('is salted: the same password never gives the same hash', async () => {
    assert.notEqual(await hashPassword('correct horse'), await hashPassword('correct horse'));
  });

  it('is told from another, and from none', async () => {
    const hashed = await hashPassword('correct horse battery');
    assert.equal(await verifyPassword(hashed, 'correct horse battery'), true);
    assert.equal(await verifyPassword(hashed, 'Correct horse battery'), false);
    assert.equal(await verifyPassword(undefined, 'correct horse battery'), false);
  });

  it('is the same however its accents are encoded', async () => {
    const hashed = await hashPassword('caf\u00e9 caf\u00e9');
    assert.equal(await verifyPassword(hashed, 'cafe\u0301 cafe\u0301'), true);
  });
});
