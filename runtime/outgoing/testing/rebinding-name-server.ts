import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { ResolveName } from '../host-guard.js';

export interface RebindingNameServer {
  /** Asks the server by UDP, as the system's resolver would, past any cache. */
  resolveName: ResolveName;
  /** How many look-ups came in. */
  readonly lookUps: number;
  close(): void;
}

/**
 * A name server (RFC 1035) that gives each look-up the next of these IPv4 addresses with a time to live of 0, and the
 * last one from then on: what an attacker runs to show one address to a check and another to the connection.
 */
export async function startRebindingNameServer(addresses: readonly string[]): Promise<RebindingNameServer> {
  let lookUps = 0;
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const answer = addresses[Math.min(lookUps, addresses.length - 1)] ?? '0.0.0.0';
    lookUps += 1;
    socket.send(answerTo(query, answer), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    async resolveName(host) {
      return (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
    },
    get lookUps() {
      return lookUps;
    },
    close: () => socket.close(),
  };
}

/** The query's question, and one A record that points at its name. */
function answerTo(query: Buffer, address: string): Buffer {
  const endOfName = query.indexOf(0, 12);
  const question = query.subarray(12, endOfName + 5);
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const octets = address.split('.').map(Number);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...octets]);
  return Buffer.concat([header, question, record]);
}
