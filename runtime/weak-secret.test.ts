import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { keyWeakness, passwordWeakness } from './weak-secret.js';

describe('weak secrets', () => {
  const keys: [string, Buffer, RegExp][] = [
    ['zeros', Buffer.alloc(32), /repeats itself/],
    ['a short pattern', Buffer.from('0123456789abcde'.repeat(3).slice(0, 32)), /repeats itself/],
    ['a sentence', Buffer.from('The quick brown fox jumps over l'), /is text/],
    ['a sequence', Buffer.from(Array.from({ length: 32 }, (_, index) => 200 + index)), /is a sequence/],
    [
      'the example of RFC 8037',
      Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url'),
      /is a published example/,
    ],
  ];
  for (const [what, key, why] of keys) {
    it(`are keys such as ${what}`, () => assert.match(keyWeakness(key) ?? '', why));
  }

  it('are not random keys', () => {
    for (let count = 0; count < 10_000; count += 1) assert.equal(keyWeakness(randomBytes(32)), undefined);
  });

  for (const password of ['password', 'Postgres', 'minioadmin', 'changeme', 'short1!', 'aabbaabbaabb']) {
    it(`are passwords such as ${password}`, () => assert.ok(passwordWeakness(password)));
  }

  it('are not passwords that were drawn', () => {
    assert.equal(passwordWeakness(randomBytes(12).toString('hex')), undefined);
  });
});
