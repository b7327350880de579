import assert from 'node:assert/strict';
import { isReference, jsonSize } from './packed-value.js';

describe('jsonSize', () => {
  const samples: Record<string, unknown> = {
    ASCII: 'plain "text"\n\\ with escapes',
    umlauts: 'Grüße aus Köln, Ökologie, ß',
    'the borders of UTF-8 lengths': '\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff',
    CJK: '日本語と中文と한국어',
    emoji: '👍🏽 👨‍👩‍👧‍👦 🇩🇪',
    'the borders of surrogate pairs': '\u{10000}\u{10ffff}',
    'lone surrogates': ['\ud800', '\udfff', 'a\udc00b', '\ud83d', '\ude00\ud83d'],
    objects: { ключ: ['значение', { 値: 1.5 }], leer: null, no: undefined },
    numbers: [0, -1, 1e21, 1.5, Number.NaN],
  };
  for (const [name, value] of Object.entries(samples)) {
    it(`is the number of bytes of ${name} in UTF-8`, () => {
      assert.equal(jsonSize(value), Buffer.byteLength(JSON.stringify(value)));
    });
  }

  it('is 0 for what has no JSON', () => {
    assert.equal(jsonSize(undefined), 0);
  });

  it('is right for texts of any mixture', () => {
    const units = ['a', 'é', '語', '👍', '\ud83d', '\udc4d', '"', '\u0000', '\u2028'];
    for (let seed = 0; seed < units.length ** 3; seed += 1) {
      const text = [seed, Math.floor(seed / 9), Math.floor(seed / 81)]
        .map((index) => units[index % 9])
        .join('');
      assert.equal(jsonSize(text), Buffer.byteLength(JSON.stringify(text)), JSON.stringify(text));
    }
  });
});

describe('isReference', () => {
  it('tells a reference from a value that looks like one', () => {
    assert.equal(isReference({ ref: 'a'.repeat(64), size: 1 }), true);
    assert.equal(isReference({ inline: { ref: 'a'.repeat(64), size: 1 } }), false);
  });
});
