/** Runs pieces of work, at most `places` at a time. */
export interface FairQueue {
  /** Runs the work when it is the key's turn. Keys with work waiting take turns, each in its own order. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Shares places among keys, so that none waits for all that another has queued. One key never has more than
 * `placesOfOne`: with fewer than all, another that comes finds a place at once.
 */
export function createFairQueue(places: number, placesOfOne = places): FairQueue {
  const waiting = new Map<string, (() => void)[]>();
  const taken = new Map<string, number>();
  let allTaken = 0;

  const takenBy = (key: string) => taken.get(key) ?? 0;
  const mayBegin = (key: string) => allTaken < places && takenBy(key) < placesOfOne;

  function take(key: string): void {
    allTaken += 1;
    taken.set(key, takenBy(key) + 1);
  }

  function leave(key: string): void {
    allTaken -= 1;
    if (takenBy(key) === 1) taken.delete(key);
    else taken.set(key, takenBy(key) - 1);
    for (const [next, line] of waiting) {
      if (!mayBegin(next)) continue;
      take(next);
      const begin = line.shift();
      // A key that has more joins the end of the round.
      waiting.delete(next);
      if (line.length > 0) waiting.set(next, line);
      begin?.();
      return;
    }
  }

  return {
    async run(key, work) {
      if (mayBegin(key)) take(key);
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
        leave(key);
      }
    },
  };
}
