import assert from 'node:assert/strict';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('gives equal texts for equal values, whatever the order of their keys', () => {
    const one = canonicalJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } });
    assert.equal(one, '{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}');
    assert.equal(canonicalJson({ a: { c: null, d: [{ x: 2, y: 1 }] }, b: 1 }), one);
  });

  it('keeps the order of lists, and tells text from number and null from absent', () => {
    const texts = [[1, 2], [2, 1], ['1', 2], { a: null }, {}].map(canonicalJson);
    assert.equal(new Set(texts).size, texts.length);
  });

  it('leaves undefined fields out', () => {
    assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
  });

  it('keeps keys that look like numbers or like the prototype', () => {
    const value: unknown = JSON.parse('{"__proto__": 1, "10": 2, "9": 3}');
    assert.deepEqual(JSON.parse(canonicalJson(value)), value);
    assert.ok(canonicalJson(value).includes('__proto__'));
  });
});
