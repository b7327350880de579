import { type App, createApp } from '#app.js';
import { type Configuration, readConfiguration } from '#runtime/configuration.js';
import type { Stack } from '#stack/stack.js';
import { startWorker } from '#workers/worker.js';
import { onTestsEnd } from './closing.js';
import { openTestStack } from './stack.js';

export interface TestSystem {
  stack: Stack;
  configuration: Configuration;
  app: App;
}

let system: Promise<TestSystem> | undefined;
let worker: Promise<void> | undefined;

/** The system that most tests share: real PostgreSQL and Temporal, started when first asked for. */
export function testSystem(): Promise<TestSystem> {
  system ??= openTestSystem();
  return system;
}

/** The shared system with a worker at work in this process. */
export async function workingSystem(): Promise<TestSystem> {
  const shared = await testSystem();
  worker ??= openTestWorker(shared.app);
  await worker;
  return shared;
}

/** The configuration of a program that uses this stack. */
export function configurationFor(stack: Stack, overrides: NodeJS.ProcessEnv = {}): Configuration {
  return readConfiguration({ ...stack.environment, NODE_ENV: 'test', LOG_LEVEL: 'fatal', ...overrides });
}

async function openTestSystem(): Promise<TestSystem> {
  const stack = await openTestStack(['postgres', 'temporal']);
  const configuration = configurationFor(stack);
  const app = await createApp(configuration, 'test');
  onTestsEnd(app.close);
  return { stack, configuration, app };
}

/** Starts a worker in this process, until the tests end. */
export async function openTestWorker(app: App): Promise<void> {
  const worker = await startWorker(app);
  onTestsEnd(async () => {
    worker.stop();
    await worker.finished;
  });
}
