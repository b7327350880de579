import { Worker } from 'node:worker_threads';
import { AppError } from '#core/errors.js';
import { type Job, Outcome } from './job.js';
import { timeLimitMessage } from './limits.js';
import { nextMessage } from './next-message.js';
import type { WasmModule } from './web-assembly.js';

export interface SandboxThread {
  /**
   * Does one job; there may be no other at the same time. The thread is ended, and can't be used again, when the job
   * outlives its time limit by a second (AppError `code_failed`), when the signal aborts (its reason is thrown), and
   * when the thread dies by itself (what it died of is thrown).
   */
  run(job: Job, signal: AbortSignal): Promise<Outcome>;
  isAlive(): boolean;
  end(): Promise<void>;
}

/** How long after its time limit a job is stopped from outside. */
const graceMs = 1_000;

/**
 * Starts a thread with nothing of this process in it: no environment, arguments, flags or standard streams. An idle
 * one does not keep the process alive.
 */
export async function startThread(wasmModule: WasmModule): Promise<SandboxThread> {
  const worker = new Worker(new URL('./thread.js', import.meta.url), {
    name: 'code',
    workerData: wasmModule,
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    // The heap holds texts on their way, whose sizes are limited. Recursion in QuickJS takes a multiple of its stack here.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8, stackSizeMb: 16 },
  });
  let isAlive = true;
  worker.once('exit', () => {
    isAlive = false;
  });
  // Whoever waits for a message hears of it; between two jobs nobody does, and isAlive tells.
  worker.on('error', () => {});
  await nextMessage(worker);
  worker.unref();

  const end = async () => {
    isAlive = false;
    await worker.terminate();
  };
  return {
    async run(job, signal) {
      signal.throwIfAborted();
      worker.ref();
      const overdue = new AppError('code_failed', timeLimitMessage(job.timeoutMs));
      const answer = nextMessage(worker, signal, { afterMs: job.timeoutMs + graceMs, error: overdue });
      worker.postMessage(job);
      try {
        return Outcome.parse(await answer);
      } catch (error) {
        await end();
        throw error;
      } finally {
        worker.unref();
      }
    },
    isAlive: () => isAlive,
    end,
  };
}
