import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { trueMediaType } from './true-media-type.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'latin1');
const script = Buffer.from('<html><script>alert(1)</script></html>');
const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>');
const program = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(56)]);
const unknown = 'application/octet-stream';

describe('the media type of a file that was sent', () => {
  const cases: [string, string, Buffer, string][] = [
    ['a picture as what it is', 'image/png', png, 'image/png'],
    ['a picture under a name of old', 'image/jpg', jpeg, 'image/jpg'],
    ['a document as what it is', 'application/pdf', pdf, 'application/pdf'],
    ['packed data', 'application/gzip', gzipSync('x'), 'application/gzip'],
    ['text', 'text/csv', Buffer.from('a;b\n1;2\n'), 'text/csv'],
    ['JSON', 'application/json', Buffer.from('{"a":1}'), 'application/json'],
    ['a vector drawing', 'image/svg+xml', svg, 'image/svg+xml'],
    ['a type that nobody knows', 'application/x-own', Buffer.from('own'), 'application/x-own'],
    ['what claims nothing', unknown, png, unknown],
    ['a page that claims to be a picture', 'image/png', script, unknown],
    ['a picture that claims to be another', 'image/jpeg', png, unknown],
    ['a program that claims to be text', 'text/plain', program, unknown],
    ['a document that claims to be a picture', 'image/png', pdf, unknown],
    ['text that claims to be a document', 'application/pdf', Buffer.from('hello'), unknown],
    ['a picture of which there is nothing', 'image/png', Buffer.alloc(0), unknown],
    ['a picture that breaks off', 'image/png', png.subarray(0, 4), unknown],
  ];
  for (const [what, claimed, content, expected] of cases) {
    it(`is, for ${what}, ${expected}`, async () => {
      assert.equal(await trueMediaType(claimed, content), expected);
    });
  }
});
