import { createServer, type RequestListener } from 'node:http';
import { createOutgoing, type Outgoing, type OutgoingOptions } from '../outgoing.js';

export interface GuardedNetwork {
  /** The way out; may reach this machine unless told otherwise. */
  outgoing(options?: Partial<OutgoingOptions>): Outgoing;
  /** Starts a server on this machine and gives its port. */
  serve(listener: RequestListener, address?: string, port?: number): Promise<number>;
  /** Closes everything that was opened. */
  close(): Promise<void>;
}

/** Local servers and ways out to them, for tests. */
export function createGuardedNetwork(): GuardedNetwork {
  const open: (() => unknown)[] = [];
  return {
    outgoing(options = {}) {
      const created = createOutgoing({ allowLoopback: true, ...options });
      open.push(created.close);
      return created;
    },
    async serve(listener, address = '127.0.0.1', port = 0) {
      const server = createServer(listener);
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(port, address, resolve),
      );
      open.push(() => {
        server.close();
        server.closeAllConnections();
      });
      const bound = server.address();
      if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
      return bound.port;
    },
    async close() {
      await Promise.all(open.splice(0).map((closeOne) => closeOne()));
    },
  };
}
