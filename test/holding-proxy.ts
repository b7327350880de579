import { createServer } from 'node:http';
import { onTestsEnd } from './closing.js';

export interface HoldingProxy {
  /** `http://127.0.0.1:port`. */
  origin: string;
  /** Answers that are held back at this moment. */
  readonly heldCount: number;
  /** From now on the service does what it is asked, but its answers are kept back. */
  hold(): void;
  /** Lets the answers out, those kept back and those to come. */
  release(): void;
}

/** Stands before a local service and can keep its answers back: the caller does not learn what has happened. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  let isHolding = false;
  let held: (() => void)[] = [];

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { 'content-type': contentType, authorization } = incoming.headers;
    const asked = fetch(new URL(incoming.url ?? '/', target), {
      method: incoming.method ?? 'GET',
      headers: {
        ...(contentType && { 'content-type': contentType }),
        ...(authorization && { authorization }),
      },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const answer = await asked.catch(() => undefined);
    // The service broke the connection, and so does the proxy.
    if (!answer) return incoming.socket.destroy();
    const body = Buffer.from(await answer.arrayBuffer());
    if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  const release = () => {
    isHolding = false;
    for (const letOut of held.splice(0)) letOut();
  };
  onTestsEnd(() => {
    release();
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `http://127.0.0.1:${address.port}`,
    get heldCount() {
      return held.length;
    },
    hold: () => {
      isHolding = true;
      held = [];
    },
    release,
  };
}
