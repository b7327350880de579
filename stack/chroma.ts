import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { httpStatus } from './http-status.js';
import { SupervisedProcess, type Supervision } from './supervised-process.js';

export interface ChromaOptions {
  home: string;
  port: number;
}

/** Runs Chroma on 127.0.0.1 with its data in <home>/chroma. Throws StartError when it does not come up. */
export async function startChroma(
  options: ChromaOptions,
  supervision: Supervision,
): Promise<SupervisedProcess> {
  const folder = join(options.home, 'chroma');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = new SupervisedProcess(
    {
      name: 'Chroma',
      command: process.execPath,
      args: [
        ...[commandLineEntry(), 'run', '--host', '127.0.0.1', '--port', String(options.port)],
        ...['--path', folder],
      ],
      env: process.env,
      cwd: folder,
      logFile: join(options.home, 'logs', 'chroma.log'),
      isReady: async () => (await httpStatus(`http://127.0.0.1:${options.port}/api/v2/heartbeat`)) === 200,
      readyTimeoutMs: 60_000,
      // Its SIGINT handler never runs, because the server holds the thread of its JavaScript.
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 5_000,
    },
    supervision,
  );
  await server.start();
  return server;
}

/** The package exports only its client; its command stands beside it. */
function commandLineEntry(): string {
  const client = createRequire(import.meta.url).resolve('chromadb');
  return join(dirname(dirname(client)), 'cli.mjs');
}
