import { join } from 'node:path';
import { type App, createApp } from '#app.js';
import { reservePorts } from '#stack/ports.js';
import type { Stack } from '#stack/stack.js';
import { onTestsEnd } from '../closing.js';
import { openTestMailbox, type TestMailbox } from '../mailbox.js';
import { openTestStack } from '../stack.js';
import { configurationFor } from '../system.js';
import { createProgram, type Program } from './program.js';

export interface DurableSystem {
  stack: Stack;
  /** Looks at the system and builds what tests need; does no work of its own. */
  app: App;
  api: Program;
  worker: Program;
  /** Address of the API. */
  address: string;
  /** Gets what the worker sends. */
  mailbox: TestMailbox;
}

let system: Promise<DurableSystem> | undefined;

/** A stack of its own with API and worker as processes, so that each part can be crashed. Neither runs at first. */
export function durableSystem(): Promise<DurableSystem> {
  system ??= openDurableSystem();
  return system;
}

/** Another one, with settings of its own. */
export async function openDurableSystem(overrides: NodeJS.ProcessEnv = {}): Promise<DurableSystem> {
  const stack = await openTestStack(['postgres', 'temporal']);
  const [port = 0] = await reservePorts([{ service: 'API', port: 0 }]);
  const address = `http://127.0.0.1:${port}`;
  const mailbox = await openTestMailbox();
  const environment = {
    ...process.env,
    ...stack.environment,
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: address,
    MAIL_URL: mailbox.url,
    ...overrides,
  };
  const app = await createApp(configurationFor(stack, { PUBLIC_URL: address }), 'test');
  onTestsEnd(app.close);
  return {
    stack,
    app,
    address,
    mailbox,
    api: createProgram({
      script: 'api/main.js',
      environment,
      logFile: join(stack.home, 'logs', 'api.log'),
      isReady: () =>
        fetch(`${address}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
    }),
    worker: createProgram({
      script: 'workers/main.js',
      environment,
      logFile: join(stack.home, 'logs', 'worker.log'),
      isReady: (output) => output.includes('the worker takes up work'),
    }),
  };
}
