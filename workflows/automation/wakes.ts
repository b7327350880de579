import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { wakeSignal } from '#core/automation/wait.js';
import { hasLeft, Leaving, wasOver } from './leaving.js';

/** Tells steps that what they wait for has been answered. */
export interface Wakes {
  /**
   * Resolves with true when the wait is answered, or with false at a moment, if there is one. Throws `Leaving` when the
   * workflow leaves before.
   */
  answered(waitId: string, until: number | null): Promise<boolean>;
  /** True if a step has been woken and has not gone on yet. */
  hasPending(): boolean;
}

/** Listens to the signals that wake this workflow. To be called once a workflow, before anything else is awaited. */
export function listenForWakes(): Wakes {
  const woken = new Set<string>();
  const waiting = new Set<string>();
  setHandler(defineSignal<[string]>(wakeSignal), (waitId) => {
    woken.add(waitId);
  });
  return {
    async answered(waitId, until) {
      if (woken.has(waitId)) return true;
      if (until !== null && wasOver(until)) return false;
      const isOver = () => woken.has(waitId) || hasLeft();
      waiting.add(waitId);
      try {
        if (until === null) await condition(isOver);
        else await condition(isOver, Math.max(1, until - Date.now()));
      } finally {
        waiting.delete(waitId);
      }
      if (hasLeft() && !woken.has(waitId)) throw new Leaving();
      return woken.has(waitId);
    },
    hasPending: () => [...waiting].some((waitId) => woken.has(waitId)),
  };
}
