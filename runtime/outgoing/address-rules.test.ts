import assert from 'node:assert/strict';
import { isPermittedAddress } from './address-rules.js';

const publicOnly = { allowLoopback: false, allowPrivate: false };

const permitted = [
  '1.1.1.1',
  '140.82.112.3',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '198.17.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450::1',
];

const refused: [string, string][] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'cloud metadata over IPv6'],
  ['169.254.169.254', 'cloud metadata'],
  ['169.254.0.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.100.100.200', 'cloud metadata in the carrier-grade NAT range'],
  ['168.63.129.16', 'cloud platform'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'this network'],
  ['::', 'unspecified'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'documentation'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['198.18.0.1', 'benchmarking'],
  ['198.19.255.255', 'benchmarking'],
  ['192.0.0.1', 'protocol assignments'],
  ['192.88.99.1', '6to4 relay'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['239.255.255.255', 'multicast'],
  ['2001:db8::1', 'documentation'],
  ['3fff::1', 'documentation'],
  ['2001:2::1', 'benchmarking'],
  ['2001:10::1', 'ORCHID'],
  ['2001:20::1', 'ORCHIDv2'],
  ['100::1', 'discard'],
  ['5f00::1', 'segment routing'],
  ['fd20:ce::254', 'cloud metadata over IPv6'],
  ['FD00:0EC2:0:0::254', 'cloud metadata in another spelling'],
  ['fe80::1%eth0', 'link-local with a zone'],
  ['2600:1f00::5efe:10.0.0.1', 'ISATAP'],
  ['2600:1f00::200:5efe:a00:1', 'ISATAP with a universal identifier'],
  ['64:ff9b::a00:1', 'NAT64'],
  ['64:ff9b:1::a00:1', 'local NAT64'],
  ['2002:7f00:1::', '6to4'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:8.8.8.8', 'IPv4-mapped, even of a public address'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['::ffff:0:127.0.0.1', 'IPv4-translated'],
  ['4000::1', 'outside the assigned global unicast range'],
  ['not an address', 'no address'],
];

describe('isPermittedAddress', () => {
  for (const address of permitted) {
    it(`permits the public address ${address}`, () =>
      assert.equal(isPermittedAddress(address, publicOnly), true));
  }
  for (const [address, kind] of refused) {
    it(`refuses ${address} (${kind})`, () => assert.equal(isPermittedAddress(address, publicOnly), false));
  }

  it('opens loopback and nothing else when loopback is allowed', () => {
    const rules = { allowLoopback: true, allowPrivate: false };
    const open = refused
      .filter(([address]) => isPermittedAddress(address, rules))
      .map(([address]) => address);
    assert.deepEqual(open, ['127.0.0.1', '127.255.255.254', '::1']);
  });

  it('opens private networks but not link-local addresses for a host that the operator trusts', () => {
    const rules = { allowLoopback: false, allowPrivate: true };
    assert.equal(isPermittedAddress('10.0.0.1', rules), true);
    assert.equal(isPermittedAddress('fd12::1', rules), true);
    assert.equal(isPermittedAddress('169.254.169.254', rules), false);
    assert.equal(isPermittedAddress('fe80::1', rules), false);
  });

  it('never opens the metadata of clouds, also where it lies in a private network', () => {
    const rules = { allowLoopback: true, allowPrivate: true };
    for (const address of ['168.63.129.16', '100.100.100.200', 'fd00:ec2::254', 'fd20:ce:0::254'])
      assert.equal(isPermittedAddress(address, rules), false, address);
  });
});
