import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { contentOfSampleFile, sampleFile } from './sample-file.js';

describe('the file in a sample', () => {
  it('has the address of its content, whatever its size', () => {
    for (const maxSize of [undefined, 1, 10, 1_000_000]) {
      const file = sampleFile(maxSize);
      const content = contentOfSampleFile(file);
      assert.ok(content);
      assert.equal(content.length, file.size);
      assert.ok(file.size <= (maxSize ?? 1_000));
      assert.equal(createHash('sha256').update(content).digest('hex'), file.sha256);
    }
  });

  it('is told from any other file', () => {
    const file = sampleFile();
    assert.equal(contentOfSampleFile({ ...file, size: file.size - 1 }), undefined);
    assert.equal(contentOfSampleFile({ ...file, size: -1 }), undefined);
    assert.equal(contentOfSampleFile({ ...file, sha256: 'ab'.repeat(32) }), undefined);
  });
});
