import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens, or throws an Error whose one sentence says which port is taken and which setting changes it. */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening').catch((error: unknown) => {
    throw portError(error, { host, port, setting: 'PORT' });
  });
}

/** Says in one sentence why a port can't be used; any other error stays what it is. */
export function portError(error: unknown, place: { host: string; port: number; setting: string }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const { host, port, setting } = place;
  if (code === 'EADDRINUSE') {
    return new Error(`Port ${port} on ${host} is in use by another program; free it or set ${setting}.`);
  }
  if (code === 'EACCES') {
    return new Error(`This account may not listen on port ${port} of ${host}; set ${setting} to another.`);
  }
  return error;
}

/** Accepts no more, lets requests finish for up to `finishMs`, then cuts off what is left. */
export async function finishRequests(server: Server, finishMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that becomes idle after this moment would be kept alive for its next request.
  const closeIdle = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), finishMs);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(cutOff);
}
