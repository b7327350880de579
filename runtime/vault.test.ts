import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createVault, decrypt, encrypt } from './vault.js';

const old = { id: 'k1', key: randomBytes(32) };
const recent = { id: 'k2', key: randomBytes(32) };
const secret = { token: 'xoxb-4711', nested: { list: [1, 'zwei'] } };
const place = { orgId: randomUUID(), rowId: randomUUID() };

describe('the vault', () => {
  it('opens what it sealed', () => {
    const vault = createVault([recent]);
    for (const value of [secret, 'text', null, [], 'Grüße 👍']) {
      assert.deepEqual(vault.open(place, vault.seal(place, value)), value);
    }
  });

  it('shows nothing of the secret, and never seals it to the same text', () => {
    const vault = createVault([recent]);
    const [one, two] = [vault.seal(place, secret), vault.seal(place, secret)];
    assert.notEqual(one, two);
    for (const part of one.split(':')) {
      assert.equal(Buffer.from(part, 'base64url').toString('latin1').includes('xoxb'), false);
    }
  });

  it('does not open what was moved to another row or another organization', () => {
    const vault = createVault([recent]);
    const sealed = vault.seal(place, secret);
    for (const other of [
      { ...place, rowId: randomUUID() },
      { ...place, orgId: randomUUID() },
      { orgId: place.rowId, rowId: place.orgId },
      { userId: place.orgId, rowId: place.rowId },
    ]) {
      assert.throws(() => vault.open(other, sealed));
    }
  });

  it('does not open what was changed, be it key or content', () => {
    const vault = createVault([recent]);
    const parts = vault.seal(place, secret).split(':');
    const another = vault.seal(place, 'another').split(':');
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url');
      for (const position of [0, 12, bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
        assert.throws(() => vault.open(place, parts.with(index, changed.toString('base64url')).join(':')));
      }
      assert.throws(() => vault.open(place, parts.with(index, another[index] ?? '').join(':')));
    }
  });

  it('seals with the newest key and still opens what older ones sealed', () => {
    const before = createVault([old]).seal(place, secret);
    const vault = createVault([recent, old]);
    const after = vault.seal(place, secret);
    assert.equal(before.split(':')[1], 'k1');
    assert.equal(after.split(':')[1], 'k2');
    assert.deepEqual(vault.open(place, before), secret);
    assert.deepEqual(createVault([recent]).open(place, after), secret);
  });

  it('names the key that is gone, and does not mistake another key of that name for it', () => {
    const sealed = createVault([old]).seal(place, secret);
    assert.throws(() => createVault([recent]).open(place, sealed), {
      code: 'internal',
      message: /No key k1/,
    });
    assert.throws(() => createVault([{ id: 'k1', key: randomBytes(32) }]).open(place, sealed));
  });

  it('refuses what it did not write', () => {
    const vault = createVault([recent]);
    for (const text of ['', 'v1', 'plain text', 'v2:k2:a:b', 'v1:k2::', 'v1:k2:AAAA:AAAA']) {
      assert.throws(() => vault.open(place, text), text);
    }
  });

  it('needs a key', () => {
    assert.throws(() => createVault([]), /ENCRYPTION_KEYS/);
  });
});

describe('encrypt', () => {
  it('takes empty content and a view into a larger buffer', () => {
    const associated = Buffer.from('place');
    const larger = Buffer.concat([Buffer.from('junk'), encrypt(old.key, Buffer.alloc(0), associated)]);
    assert.equal(decrypt(old.key, larger.subarray(4), associated).length, 0);
  });
});
