import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';

export interface Program {
  /** Starts it unless it runs; resolves when it is ready. */
  start(): Promise<void>;
  /** Ends it as a crash does: SIGKILL, nothing is finished or said. Resolves when it is gone. */
  kill(): Promise<void>;
  readonly isRunning: boolean;
}

interface ProgramDefinition {
  /** Below dist/, such as `api/main.js`. */
  script: string;
  environment: NodeJS.ProcessEnv;
  /** Gets what the program has written, and tells whether it is ready. */
  isReady(output: string): Promise<boolean> | boolean;
  logFile: string;
}

/** A process of ours as it runs in production, that a test can crash and start again. */
export function createProgram({ script, environment, isReady, logFile }: ProgramDefinition): Program {
  let child: ChildProcess | undefined;

  const kill = async () => {
    const dying = child;
    if (!dying) return;
    const gone = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await gone;
  };
  onTestsEnd(kill);
  return {
    kill,
    get isRunning() {
      return child !== undefined;
    },
    async start() {
      if (child) return;
      const output = openSync(logFile, 'w');
      const path = join(projectRoot, 'dist', script);
      const started = spawn(process.execPath, [path], {
        env: environment,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      child = started;
      started.once('exit', () => {
        if (child === started) child = undefined;
      });
      await eventually(`${script} is ready`, async () => {
        const text = readFileSync(logFile, 'utf8');
        if (child !== started) throw new Error(`${script} ended at its start: ${text}`);
        return (await isReady(text)) ? true : undefined;
      });
    },
  };
}
