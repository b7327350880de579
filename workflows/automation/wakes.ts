import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { wakeSignal } from '#core/automation/wait.js';

/** Tells steps that what they wait for has been answered. */
export interface Wakes {
  /** Resolves when the wait is answered, or after the time: false. Never times out without one. */
  answered(waitId: string, timeoutMs: number | undefined): Promise<boolean>;
}

/** Listens to the signals that wake this workflow. To be called once a workflow, before anything else is awaited. */
export function listenForWakes(): Wakes {
  const woken = new Set<string>();
  setHandler(defineSignal<[string]>(wakeSignal), (waitId) => {
    woken.add(waitId);
  });
  return {
    async answered(waitId, timeoutMs) {
      const isWoken = () => woken.has(waitId);
      if (timeoutMs !== undefined) return condition(isWoken, timeoutMs);
      await condition(isWoken);
      return true;
    },
  };
}
