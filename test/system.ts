import { type App, createApp } from '#app.js';
import { type Configuration, readConfiguration } from '#runtime/configuration.js';
import type { Stack } from '#stack/stack.js';
import { startWorker } from '#workers/worker.js';
import { onTestsEnd } from './closing.js';
import { openTestMailbox, type TestMailbox } from './mailbox.js';
import { openTestStack } from './stack.js';

export interface TestSystem {
  stack: Stack;
  configuration: Configuration;
  app: App;
  /** Gets what the platform sends. */
  mailbox: TestMailbox;
}

let system: Promise<TestSystem> | undefined;
let worker: Promise<void> | undefined;

/** The system that most tests share: real PostgreSQL and Temporal, started when first asked for. */
export function testSystem(): Promise<TestSystem> {
  system ??= openSystem();
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
  return readConfiguration({
    ...stack.environment,
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    BREACHED_PASSWORDS_URL: 'off',
    ...overrides,
  });
}

/** A system of its own, without a worker, until the tests end. */
export async function openSystem(overrides: NodeJS.ProcessEnv = {}): Promise<TestSystem> {
  const stack = await openTestStack(['postgres', 'temporal']);
  const mailbox = await openTestMailbox();
  const configuration = configurationFor(stack, { MAIL_URL: mailbox.url, ...overrides });
  const app = await createApp(configuration, 'test');
  onTestsEnd(app.close);
  return { stack, configuration, app, mailbox };
}

/** Starts a worker in this process, until the tests end. */
export async function openTestWorker(app: App): Promise<void> {
  const worker = await startWorker(app);
  onTestsEnd(async () => {
    worker.stop();
    await worker.finished;
  });
}
