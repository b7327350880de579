import assert from 'node:assert/strict';
import { clientNetwork, isLoopback } from './client-network.js';

describe('client networks', () => {
  it('are the address itself for IPv4, also when it is written as IPv6', () => {
    assert.equal(clientNetwork('203.0.113.7'), '203.0.113.7');
    assert.equal(clientNetwork('::ffff:203.0.113.7'), '203.0.113.7');
  });

  it('are the /64 for IPv6', () => {
    assert.equal(clientNetwork('2001:db8:1:2:3:4:5:6'), clientNetwork('2001:db8:1:2::9'));
    assert.notEqual(clientNetwork('2001:db8:1:2::9'), clientNetwork('2001:db8:1:3::9'));
  });

  it('are one for what has no address', () => {
    assert.equal(clientNetwork(undefined), clientNetwork('nonsense'));
  });

  it('know this host itself', () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address));
    for (const address of ['10.0.0.1', '2001:db8::1', undefined]) assert.ok(!isLoopback(address));
  });
});
