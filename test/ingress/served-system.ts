import { createServer as createHttpServer } from 'node:http';
import { listen } from '#api/listen.js';
import { createServer } from '#api/server.js';
import type { ServerOptions } from '#api/server-options.js';
import { type App, createApp } from '#app.js';
import { reservePorts } from '#stack/ports.js';
import { onTestsEnd } from '../closing.js';
import { configurationFor, workingSystem } from '../system.js';

export interface ServedSystem {
  app: App;
  /** Address of the API. */
  address: string;
}

let system: Promise<ServedSystem> | undefined;

/** The shared system with its worker, and its API over HTTP. */
export function servedSystem(): Promise<ServedSystem> {
  system ??= serveSystem();
  return system;
}

/** One more API over the shared system, with options of its own. `host`: by which name of this machine it is known. */
export async function serveSystem(
  options: ServerOptions = {},
  environment: NodeJS.ProcessEnv = {},
  host = '127.0.0.1',
): Promise<ServedSystem> {
  const { stack } = await workingSystem();
  const [port = 0] = await reservePorts([{ service: 'API', port: 0 }]);
  const address = `http://${host}:${port}`;
  const app = await createApp(configurationFor(stack, { PUBLIC_URL: address, ...environment }), 'test');
  const server = createHttpServer(createServer(app, options));
  await listen(server, '127.0.0.1', port);
  onTestsEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await app.close();
  });
  return { app, address };
}
