/** Values that are made when first asked for, and made anew after their lifetime. */
export interface ClientCache<Value> {
  /** A value that could not be made is not kept. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
}

/** Keeps at most `maxEntries`; the oldest one goes first. */
export function createClientCache<Value>({
  maxEntries,
  lifetimeMs,
}: {
  maxEntries: number;
  lifetimeMs: number;
}): ClientCache<Value> {
  const entries = new Map<string, { value: Promise<Value>; endsAt: number }>();
  return {
    get(key, make) {
      const kept = entries.get(key);
      if (kept && kept.endsAt > Date.now()) return kept.value;
      entries.delete(key);
      const entry = { value: make(), endsAt: Date.now() + lifetimeMs };
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
      return entry.value;
    },
  };
}
