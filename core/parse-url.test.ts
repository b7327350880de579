import assert from 'node:assert/strict';
import { parseUrl } from './parse-url.js';

describe('parseUrl', () => {
  it('reads an address, also in relation to another', () => {
    assert.equal(parseUrl('https://example.com/a')?.href, 'https://example.com/a');
    assert.equal(parseUrl('../b', 'https://example.com/a/c')?.href, 'https://example.com/b');
  });

  it('gives nothing for what is none', () => {
    for (const text of ['', 'example', '//', 'http://', 'http://[']) assert.equal(parseUrl(text), undefined);
  });

  it('reads international names however often it was called before', () => {
    for (let index = 0; index < 50_000; index += 1) parseUrl(`http://${index}.example/`);
    assert.equal(parseUrl('http://bücher.example/')?.hostname, 'xn--bcher-kva.example');
  });
});
