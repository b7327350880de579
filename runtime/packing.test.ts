import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { maxInlineSize } from '#core/automation/packed-value.js';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { packValue, unpackValue } from './packing.js';

/** A file store in memory. */
function createMemoryFiles(): FileStore & { contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>();
  return {
    contents,
    async put(content, contentType) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      contents.set(sha256, content);
      return { sha256, size: content.byteLength, contentType };
    },
    async get(sha256) {
      const content = contents.get(sha256);
      if (!content) throw new AppError('not_found', 'There is no such file');
      return content;
    },
    requireRoom: async () => {},
  };
}

/** A text whose JSON has this many bytes. */
const textOf = (size: number) => 'x'.repeat(size - 2);

describe('packing', () => {
  it('keeps what is small inline and stores nothing', async () => {
    const files = createMemoryFiles();
    for (const value of [null, 0, '', { a: [1, 'ü'] }, textOf(maxInlineSize)]) {
      const packed = await packValue(files, value);
      assert.deepEqual(packed, { inline: value });
      assert.deepEqual(await unpackValue(files, packed), value);
    }
    assert.equal(files.contents.size, 0);
  });

  it('makes null of what has no JSON', async () => {
    assert.deepEqual(await packValue(createMemoryFiles(), undefined), { inline: null });
  });

  it('stores what is larger by a byte, and finds it again', async () => {
    const files = createMemoryFiles();
    const value = textOf(maxInlineSize + 1);
    const packed = await packValue(files, value);
    assert.deepEqual(Object.keys(packed).sort(), ['ref', 'size']);
    assert.ok('size' in packed && packed.size === maxInlineSize + 1);
    assert.equal(await unpackValue(files, packed), value);
  });

  it('counts bytes and not characters', async () => {
    const files = createMemoryFiles();
    const text = '語'.repeat(Math.ceil(maxInlineSize / 3));
    const packed = await packValue(files, text);
    assert.ok('ref' in packed);
    assert.equal(packed.size, Buffer.byteLength(JSON.stringify(text)));
  });

  it('says when a stored value is gone', async () => {
    const files = createMemoryFiles();
    await assert.rejects(unpackValue(files, { ref: 'a'.repeat(64), size: 1 }), { code: 'not_found' });
  });
});
