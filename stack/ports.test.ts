import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { reservePorts } from './ports.js';

describe('reservePorts', () => {
  it('names the service and the way out when a port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    try {
      await assert.rejects(reservePorts([{ service: 'PostgreSQL', port: address.port }]), {
        name: 'StartError',
        message: `Port ${address.port} (PostgreSQL) is in use by another program; free it or set PORT.`,
      });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('picks a different free port for each service that has no fixed one', async () => {
    const ports = await reservePorts(['a', 'b', 'c'].map((service) => ({ service, port: 0 })));
    assert.equal(new Set(ports).size, 3);
    assert.ok(ports.every((port) => port > 0));
  });
});
