import assert from 'node:assert/strict';
import { AppError } from '#core/errors.js';
import { parseMultipart } from './multipart.js';

const boundary = 'x-boundary';
const contentType = `multipart/form-data; boundary=${boundary}`;

interface Part {
  name: string;
  content: string;
  file?: string;
  more?: string;
}

function body(parts: readonly Part[]): Buffer {
  const text = parts.map(
    ({ name, content, file, more = '' }) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${file}"` : ''}\r\n${more}\r\n${content}\r\n`,
  );
  return Buffer.from(`${text.join('')}--${boundary}--\r\n`);
}
const many = (count: number, part: Part) => body(Array.from({ length: count }, () => part));
const field = { name: 'a', content: '1' };

describe('a multipart body beyond the limits', () => {
  const cases: [string, Buffer, RegExp][] = [
    ['201 fields', many(201, field), /more than 200/],
    ['51 files', many(51, { ...field, file: 'a.txt' }), /more than 50 files/],
    [
      'a field of over 1 MiB',
      body([{ name: 'a', content: 'x'.repeat(2 ** 20 + 1) }]),
      /a field that is too long/,
    ],
    ['a name of 201 characters', body([{ name: 'n'.repeat(201), content: '' }]), /a name that is too long/],
  ];
  for (const [what, content, message] of cases) {
    it(`is refused for ${what}`, async () => {
      await assert.rejects(parseMultipart(contentType, content), (error: unknown) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, 'payload_too_large');
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('is let in just below them', async () => {
    assert.equal((await parseMultipart(contentType, many(200, field))).length, 200);
  });

  it('is refused without an end', async () => {
    const cut = many(1, field).subarray(0, -10);
    await assert.rejects(parseMultipart(contentType, cut), { code: 'malformed' });
  });
});
