/** Runs pieces of work, at most `limit` at a time. */
export interface FairQueue {
  /** Runs the work when it is the key's turn. Keys with work waiting take turns, each in its own order. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

/** Shares places among keys, so that none waits for all that another has queued. */
export function createFairQueue(limit: number): FairQueue {
  const waiting = new Map<string, (() => void)[]>();
  let taken = 0;

  function passOn(): void {
    const [turn] = waiting;
    if (!turn) {
      taken -= 1;
      return;
    }
    const [key, line] = turn;
    const start = line.shift();
    // A key that has more joins the end of the round.
    waiting.delete(key);
    if (line.length > 0) waiting.set(key, line);
    start?.();
  }

  return {
    async run(key, work) {
      if (taken < limit) taken += 1;
      else {
        await new Promise<void>((resolve) => {
          const line = waiting.get(key);
          if (line) line.push(resolve);
          else waiting.set(key, [resolve]);
        });
      }
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
