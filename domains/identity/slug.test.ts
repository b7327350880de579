import assert from 'node:assert/strict';
import { slugOf, variantOf } from './slug.js';

describe('slug', () => {
  it('keeps letters, digits and single hyphens of a name', () => {
    assert.equal(slugOf('  Zoë & Co. (2026)  '), 'zoe-co-2026');
    assert.equal(slugOf('--'), 'organization');
    assert.equal(slugOf('日本'), 'organization');
    assert.match(slugOf('x '.repeat(100)), /^[a-z0-9-]{1,48}$/);
    assert.doesNotMatch(slugOf('x '.repeat(100)), /-$/);
  });

  it('has variants for where it is taken', () => {
    assert.match(variantOf('acme'), /^acme-[a-z0-9]{6}$/);
  });
});
