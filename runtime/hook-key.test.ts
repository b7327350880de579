import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createHookKey, orgOfHookKey } from './hook-key.js';

describe('a hook key', () => {
  it('leads to its organization and fits into the local part of a mail address', () => {
    const orgId = randomUUID();
    const key = createHookKey(orgId);
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.equal(orgOfHookKey(key), orgId);
  });

  it('is never the same twice', () => {
    const orgId = randomUUID();
    const keys = Array.from({ length: 1_000 }, () => createHookKey(orgId));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('is nothing else', () => {
    const key = createHookKey(randomUUID());
    for (const text of [
      '',
      key.slice(1),
      `${key}0`,
      key.toUpperCase().replace(/^./, 'A'),
      `${key}\n`,
      'x'.repeat(64),
    ]) {
      assert.equal(orgOfHookKey(text), undefined, text);
    }
  });
});
