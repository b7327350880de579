import { pause } from '#runtime/pause.js';

/**
 * What comes after a look: wait for news, look again at once for there is more, look again soon for what has happened
 * can't be seen yet, or nothing any more.
 */
export type NextLook = 'wait' | 'again' | 'soon' | 'end';

/** Longest time between two looks for what can't be seen yet. */
const maxSoonMs = 1_000;

export interface FollowOptions {
  /** Calls back whenever something may have changed; returns how to stop. */
  subscribe(wake: () => void): () => void;
  /** Looks, and tells the reader. */
  look(): Promise<NextLook>;
  /** Least time between two looks, so that a burst of changes costs one. */
  gapMs: number;
  /** Longest time without a look: wakes may be lost, and rights may have gone. */
  idleMs: number;
  signal: AbortSignal;
}

/**
 * Looks at once and again after each wake, until there is nothing more or `signal` is aborted. For what can't be seen
 * yet it looks after growing pauses, up to a second.
 */
export async function follow({ subscribe, look, gapMs, idleMs, signal }: FollowOptions): Promise<void> {
  let hasNews = false;
  let wake = () => {};
  const unsubscribe = subscribe(() => {
    hasNews = true;
    wake();
  });
  try {
    let soonMs = gapMs;
    while (!signal.aborted) {
      hasNews = false;
      const next = await look();
      if (next === 'end') return;
      if (next === 'again') continue;
      if (next === 'soon') {
        await pause(soonMs, signal, () => {});
        soonMs = hasNews ? gapMs : Math.min(soonMs * 2, maxSoonMs);
        continue;
      }
      soonMs = gapMs;
      await pause(gapMs, signal, () => {});
      if (hasNews) continue;
      await pause(idleMs, signal, (resume) => {
        wake = resume;
      });
    }
  } finally {
    unsubscribe();
  }
}
