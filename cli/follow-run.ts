import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Api, RetryLater } from './api.js';
import { CliError } from './cli-error.js';
import { readEvents } from './event-stream.js';
import { RunWithSteps } from './run.js';

/** Before each further attempt in a row; after the last one it is given up. */
const backoffMs = [250, 500, 1_000, 2_000, 4_000, 8_000];

const StreamError = z.object({ detail: z.string() });

export interface FollowOptions {
  /** Undefined: as long as it takes. */
  timeoutMs: number | undefined;
  /** Told each time the run looks different. */
  onChange(run: RunWithSteps): void;
}

/**
 * Follows a run by its stream of events until it has ended, over broken connections and restarts of the system. The run
 * does not depend on it. Throws CliError when the time is up, the connection stays lost or the right is gone.
 */
export async function followRun(api: Api, id: string, options: FollowOptions): Promise<RunWithSteps> {
  const { timeoutMs, onChange } = options;
  const signal = timeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutMs);
  let failures = 0;
  let seen: RunWithSteps | undefined;
  while (!signal.aborted) {
    try {
      const ended = await readStream(api, id, signal, (run) => {
        failures = 0;
        seen = run;
        onChange(run);
      });
      if (ended) return ended;
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof CliError && !(error instanceof RetryLater)) throw error;
      const isLast = failures >= backoffMs.length;
      if (isLast)
        throw new CliError(`The connection to ${api.url} is lost. The run ${id} goes on without it.`);
    }
    await delay(backoffMs[failures], undefined, { signal }).catch(() => undefined);
    failures += 1;
  }
  const seconds = (timeoutMs ?? 0) / 1000;
  const status = seen ? `it is ${seen.status}` : 'nothing was heard of it';
  throw new CliError(`The run ${id} did not end within ${seconds} s: ${status}, and goes on.`);
}

/** The run when its end was told; undefined when the stream broke off before. */
async function readStream(
  api: Api,
  id: string,
  signal: AbortSignal,
  onRun: (run: RunWithSteps) => void,
): Promise<RunWithSteps | undefined> {
  let last: RunWithSteps | undefined;
  for await (const { event, data } of readEvents(await api.open(`/v1/runs/${id}/events`, signal))) {
    if (event === 'error') throw new CliError(`The run can't be followed: ${StreamError.parse(data).detail}`);
    if (event === 'end') return last;
    if (event !== 'run') continue;
    last = RunWithSteps.parse(data);
    onRun(last);
  }
  return undefined;
}
