import assert from 'node:assert/strict';
import { erasedText, expressionOf } from './marks.js';

describe('the marks of a person', () => {
  const mask = (text: string, name: string | null = null) =>
    text.replace(expressionOf({ email: 'ann.o+x@example.com', name }), erasedText);

  const masked: readonly (readonly [text: string, expected: string])[] = [
    ['ann.o+x@example.com', '[erased]'],
    ['Write to ANN.O+X@Example.com.', 'Write to [erased].'],
    ['<ann.o+x@example.com>, mailto:ann.o+x@example.com', '<[erased]>, mailto:[erased]'],
    ['?to=ann.o%2Bx%40example.com&a=1', '?to=[erased]&a=1'],
    ['?q=a%3Dann.o%2Bx%40example.com', '?q=a%3D[erased]'],
    [JSON.stringify('Dear\nann.o+x@example.com\tyes'), '"Dear\\n[erased]\\tyes"'],
    ['...ann.o+x@example.com', '...[erased]'],
  ];
  for (const [text, expected] of masked) {
    it(`are masked in ${JSON.stringify(text)}`, () => assert.equal(mask(text), expected));
  }

  const others = [
    'joann.o+x@example.com',
    'jo.ann.o+x@example.com',
    'ann.o+x@example.com.au',
    'ann.o+x@example.community',
    'annXo+x@example.com',
    'an.o+x@example.com',
  ];
  for (const text of others) {
    it(`are not found in ${text}`, () => assert.equal(mask(text), text));
  }

  it('include the name only where it is given, as a whole word, in all forms', () => {
    const name = 'Zoë "O" O\'Hara (jr.) [^1]';
    const forms = [
      name,
      JSON.stringify(name),
      encodeURIComponent(name),
      'Zoë &quot;O&quot; O&#39;Hara (jr.) [^1]',
    ];
    for (const form of forms) {
      assert.equal(mask(form), form);
      assert.equal(mask(form, name).replaceAll('"', ''), erasedText, form);
    }
    assert.equal(mask('Annabel and Ann', 'Ann'), 'Annabel and [erased]');
  });
});
