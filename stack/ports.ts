import { createServer, type Server } from 'node:net';
import { StartError } from './start-error.js';

/** A port that one service wants; 0 asks for any free one. */
export interface WantedPort {
  service: string;
  host?: string;
  port: number;
}

/**
 * Checks that every wanted port is free and picks one where 0 is wanted; the answer has the order of the question.
 * Throws StartError that names the port and the service when one is taken or may not be used.
 */
export async function reservePorts(wanted: readonly WantedPort[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    // All stay open until the last is found, so that no free port is given twice; fixed ones go first.
    const chosen = new Map<WantedPort, number>();
    const fixedFirst = [...wanted.filter((one) => one.port !== 0), ...wanted.filter((one) => one.port === 0)];
    for (const one of fixedFirst) {
      const server = await listen(one);
      servers.push(server);
      const address = server.address();
      chosen.set(one, typeof address === 'object' && address !== null ? address.port : one.port);
    }
    return wanted.map((one) => chosen.get(one) ?? one.port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(wanted: WantedPort): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(wanted, error)));
    server.listen({ host: wanted.host ?? '127.0.0.1', port: wanted.port, exclusive: true }, () =>
      resolve(server),
    );
  });
}

function explain(wanted: WantedPort, error: NodeJS.ErrnoException): StartError {
  const port = `Port ${wanted.port} (${wanted.service})`;
  if (error.code === 'EADDRINUSE')
    return new StartError(`${port} is in use by another program; free it or set PORT.`);
  if (error.code === 'EACCES')
    return new StartError(`${port} may not be used by this user; set PORT above 1023.`);
  return new StartError(
    `${port} cannot be opened on ${wanted.host ?? '127.0.0.1'} (${error.code ?? error.message}).`,
  );
}
