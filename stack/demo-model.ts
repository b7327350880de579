import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { httpStatus } from './http-status.js';
import { SupervisedProcess, type Supervision } from './supervised-process.js';

export interface DemoModelOptions {
  home: string;
  port: number;
}

/**
 * Runs the demo model on 127.0.0.1: the simulator of language models, as a process of its own. Throws StartError when it
 * does not come up.
 */
export async function startDemoModel(
  { home, port }: DemoModelOptions,
  supervision: Supervision,
): Promise<SupervisedProcess> {
  const server = new SupervisedProcess(
    {
      name: 'Demo model',
      command: process.execPath,
      args: [
        '--enable-source-maps',
        join(projectRoot, 'dist', 'stack', 'simulator', 'main.js'),
        ...['--port', String(port)],
      ],
      env: process.env,
      logFile: join(home, 'logs', 'demo-model.log'),
      // Without its key it refuses, which is an answer.
      isReady: async () => (await httpStatus(`http://127.0.0.1:${port}/v1/models`)) === 401,
      readyTimeoutMs: 30_000,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 5_000,
    },
    supervision,
  );
  await server.start();
  return server;
}
