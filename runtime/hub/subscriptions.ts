import type { HubMessage } from './hub.js';

type Listener = (message: HubMessage) => void;

/** Who listens to what within this process. */
export function createSubscriptions() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    add(topic: string, listener: Listener): { isFirst: boolean } {
      const existing = listeners.get(topic);
      if (existing) existing.add(listener);
      else listeners.set(topic, new Set([listener]));
      return { isFirst: !existing };
    },
    remove(topic: string, listener: Listener): { wasLast: boolean } {
      const existing = listeners.get(topic);
      existing?.delete(listener);
      const wasLast = existing?.size === 0;
      if (wasLast) listeners.delete(topic);
      return { wasLast };
    },
    deliver(topic: string, message: HubMessage): void {
      for (const listener of listeners.get(topic) ?? []) listener(message);
    },
  };
}
