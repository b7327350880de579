import assert from 'node:assert/strict';
import { addressesIn, names } from './addresses.js';

describe('Where a call of an agent would send something', () => {
  it('is what target fields hold, and every address and link in what is said', () => {
    const input = {
      to: ['ada@example.com', 'bob@example.com'],
      subject: 'Hi',
      text: 'See https://example.com/a?b=1 or write to eve@example.net.',
      channel: '#bugs',
      nested: { repo: 'platform', title: 'x' },
    };
    assert.deepEqual(
      [...new Set(addressesIn(input))],
      [
        'ada@example.com',
        'bob@example.com',
        'https://example.com/a?b=1',
        'eve@example.net',
        '#bugs',
        'platform',
      ],
    );
    assert.deepEqual(addressesIn({ title: 'Nothing here', count: 3, none: null }), []);
  });

  const said = 'Write to Ada <ada@example.com>, post it in #bugs, and look at https://example.com/list.';
  const cases: readonly [string, boolean][] = [
    ['ada@example.com', true],
    ['ADA@example.com', true],
    ['#bugs', true],
    ['https://example.com/list', true],
    ['ada@example.co', false],
    ['da@example.com', false],
    ['#bug', false],
    ['https://example.com/list?q=secret', false],
    ['https://example.com/', false],
    ['.*', false],
  ];
  for (const [address, isNamed] of cases) {
    it(`${isNamed ? 'names' : 'does not name'} ${address}`, () =>
      assert.equal(names(said, address), isNamed));
  }
});
