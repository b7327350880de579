import assert from 'node:assert/strict';
import { canonicalNetwork, isInNetworks } from './networks.js';

describe('networks', () => {
  const canonical: [string, string][] = [
    ['10.1.2.3', '10.1.2.3/32'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8:1:2:3::/48', '2001:db8:1::/48'],
    ['::ffff:10.1.2.3', '10.1.2.3/32'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
  ];
  for (const [text, expected] of canonical) {
    it(`takes ${text} as ${expected}`, () => assert.equal(canonicalNetwork(text), expected));
  }

  const none = [
    '',
    '10.1',
    '10.1.2.3/33',
    '10.1.2.3/',
    '10.1.2.3/-1',
    '10.1.2.3/08',
    '010.1.2.3',
    '10.1.2.3/8/8',
  ];
  for (const text of [
    ...none,
    '0x0a.1.2.3',
    'fe80::1%eth0',
    '::ffff:10.1.2.3/64',
    '::/129',
    'example.com',
    '*',
  ]) {
    it(`refuses "${text}"`, () => assert.equal(canonicalNetwork(text), undefined));
  }

  const places: [string | undefined, string, boolean][] = [
    ['10.9.9.9', '10.0.0.0/8', true],
    ['11.0.0.1', '10.0.0.0/8', false],
    ['::ffff:10.9.9.9', '10.0.0.0/8', true],
    ['2001:db8::5', '2001:db8::/32', true],
    ['2001:db9::5', '2001:db8::/32', false],
    ['10.9.9.9', '::/0', false],
    [undefined, '0.0.0.0/0', false],
    ['nowhere', '0.0.0.0/0', false],
  ];
  for (const [address, network, isIn] of places) {
    it(`finds ${address} ${isIn ? '' : 'not '}in ${network}`, () =>
      assert.equal(isInNetworks(address, [network]), isIn));
  }

  it('finds nobody in no network', () => assert.equal(isInNetworks('10.0.0.1', []), false));
});
