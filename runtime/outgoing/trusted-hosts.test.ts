import assert from 'node:assert/strict';
import { readTrustedHosts } from './trusted-hosts.js';

const trusted = readTrustedHosts(['Model.Internal', '10.1.2.3', '10.20.0.0/16', 'fd12::/32', '[fd34::1]']);

describe("the operator's trusted hosts", () => {
  const included: [string, string][] = [
    ['model.internal', '10.9.9.9'],
    ['MODEL.internal.', '10.9.9.9'],
    ['10.1.2.3', '10.1.2.3'],
    ['any.example', '10.1.2.3'],
    ['any.example', '10.20.255.1'],
    ['any.example', 'fd12:0:1::1'],
    ['[fd34::1]', 'fd34::1'],
    ['any.example', 'fd34:0:0::1'],
  ];
  for (const [host, address] of included) {
    it(`include ${host} at ${address}`, () => assert.equal(trusted.includes(host, address), true));
  }

  const others: [string, string][] = [
    ['sub.model.internal', '10.9.9.9'],
    ['model.internal.example', '10.9.9.9'],
    ['xmodel.internal', '10.9.9.9'],
    ['any.example', '10.1.2.4'],
    ['any.example', '10.21.0.1'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
    ['any.example', 'fd34::2'],
    ['any.example', 'no address'],
  ];
  for (const [host, address] of others) {
    it(`do not include ${host} at ${address}`, () => assert.equal(trusted.includes(host, address), false));
  }

  for (const entry of [
    'http://a.internal',
    'a.internal:80',
    '*.internal',
    '10.0.0.0/64',
    '10.1',
    '0x7f000001',
    'a b',
    '',
  ]) {
    it(`cannot be "${entry}"`, () => assert.throws(() => readTrustedHosts([entry]), /is not a host name/));
  }

  const machine = [
    'localhost',
    'api.localhost',
    '127.0.0.1',
    '127.1.0.0/16',
    '::1',
    '0.0.0.0/0',
    '126.0.0.0/7',
    '::/0',
  ];
  for (const entry of machine) {
    it(`are known to hold this machine with ${entry}`, () =>
      assert.equal(readTrustedHosts([entry]).includesLoopback, true));
  }

  it('hold nothing of this machine otherwise', () => assert.equal(trusted.includesLoopback, false));
});
