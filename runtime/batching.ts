/** One entry on its way, with how to tell its sender. */
interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Writes items together that come while an earlier write is under way, as a database commits transactions in groups:
 * alone, an item is written at once; under load, one write carries many. `write` returns a result for each item, in
 * their order; if it throws, each sender of the batch gets the error.
 */
export function createBatcher<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  maxBatch: number,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isWriting = false;

  async function drain(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await writeBatch(batch);
    }
    isWriting = false;
  }

  async function writeBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await write(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error('A batch was written without a result for each item'));
        else resolve(result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void drain();
    });
}

/** A batcher for each key, which is there while it has something to write. `write` gets items of one key. */
export function createBatchers<Item, Result>(
  write: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
  maxBatch: number,
): (key: string, item: Item) => Promise<Result> {
  const batchers = new Map<string, { send: (item: Item) => Promise<Result>; pending: number }>();
  return async (key, item) => {
    const batcher = batchers.get(key) ?? {
      send: createBatcher((items: readonly Item[]) => write(key, items), maxBatch),
      pending: 0,
    };
    batchers.set(key, batcher);
    batcher.pending += 1;
    try {
      return await batcher.send(item);
    } finally {
      batcher.pending -= 1;
      if (batcher.pending === 0) batchers.delete(key);
    }
  };
}
