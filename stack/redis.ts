import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { findExecutable } from './find-executable.js';
import { SupervisedProcess, type Supervision } from './supervised-process.js';

export interface RedisOptions {
  home: string;
  port: number;
}

/**
 * Runs `redis-server` from PATH on 127.0.0.1 with its data in <home>/redis; undefined when it is not installed.
 * Throws StartError when it does not come up.
 */
export async function startRedis(
  options: RedisOptions,
  supervision: Supervision,
): Promise<SupervisedProcess | undefined> {
  const command = findExecutable('redis-server');
  if (!command) return undefined;
  const folder = join(options.home, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = new SupervisedProcess(
    {
      name: 'Redis',
      command,
      args: [
        ...['--port', String(options.port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--save', '60', '1', '--appendonly', 'yes', '--daemonize', 'no'],
      ],
      env: process.env,
      cwd: folder,
      logFile: join(options.home, 'logs', 'redis.log'),
      isReady: () => answersPing(options.port),
      readyTimeoutMs: 60_000,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 10_000,
    },
    supervision,
  );
  await server.start();
  return server;
}

/** While Redis loads its data it answers -LOADING. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 2_000 });
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString('latin1').startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy());
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
