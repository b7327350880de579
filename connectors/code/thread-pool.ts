import type { Job, Outcome } from './job.js';
import { type SandboxThread, startThread } from './sandbox-thread.js';
import { compileQuickJs, type WasmModule } from './web-assembly.js';

export interface ThreadPool {
  /**
   * Does the job in a thread of its own, waiting for a free one in the order of the calls. Throws what
   * `SandboxThread.run` throws; the signal also ends the wait.
   */
  run(job: Job, signal?: AbortSignal): Promise<Outcome>;
  /** Threads that live, at work or idle. */
  threadCount(): number;
  /** Ends all threads. The next job starts new ones. */
  end(): Promise<void>;
}

export interface ThreadPoolChoices {
  /** How many threads there are at most. */
  size: number;
  /** How long a thread may be idle before it is ended. */
  idleMs: number;
}

/** A place for one thread, which comes and goes. */
interface Place {
  thread?: SandboxThread;
  idleTimer?: NodeJS.Timeout;
}

/** Threads for code steps: started when needed, kept for the next job, replaced when they die. */
export function createThreadPool({ size, idleMs }: ThreadPoolChoices): ThreadPool {
  const places: Place[] = Array.from({ length: size }, () => ({}));
  // The last one is taken first, so that a thread that has just worked works again and the others go.
  const free = [...places];
  const waiting: ((place: Place) => void)[] = [];
  let wasmModule: Promise<WasmModule> | undefined;

  function takePlace(signal: AbortSignal): Promise<Place> {
    const place = free.pop();
    if (place) return Promise.resolve(place);
    return new Promise((resolve, reject) => {
      const take = (given: Place) => {
        signal.removeEventListener('abort', leave);
        resolve(given);
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      waiting.push(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  function givePlace(place: Place): void {
    const take = waiting.shift();
    if (take) {
      take(place);
    } else {
      free.push(place);
      place.idleTimer = setTimeout(() => place.thread?.end(), idleMs).unref();
    }
  }

  async function threadOf(place: Place): Promise<SandboxThread> {
    clearTimeout(place.idleTimer);
    if (place.thread?.isAlive()) return place.thread;
    wasmModule ??= compileQuickJs();
    place.thread = await startThread(await wasmModule);
    return place.thread;
  }

  return {
    async run(job, signal = new AbortController().signal) {
      signal.throwIfAborted();
      const place = await takePlace(signal);
      try {
        const thread = await threadOf(place);
        return await thread.run(job, signal);
      } finally {
        givePlace(place);
      }
    },
    threadCount: () => places.filter(({ thread }) => thread?.isAlive()).length,
    async end() {
      await Promise.all(places.map(({ thread }) => thread?.end()));
    },
  };
}
