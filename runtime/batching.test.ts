import assert from 'node:assert/strict';
import { createBatcher, createBatchers } from './batching.js';

/** A write that goes on when it is told to. */
function createHeldWrite() {
  const batches: number[][] = [];
  const pending: PromiseWithResolvers<void>[] = [];
  const write = async (items: readonly number[]) => {
    batches.push([...items]);
    const held = withResolvers();
    pending.push(held);
    await held.promise;
    return items.map((item) => `done ${item}`);
  };
  return { batches, pending, write };
}

interface PromiseWithResolvers<Value> {
  promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Lets everything go on that waits for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a batcher', () => {
  it('writes one item at once, and together what comes meanwhile', async () => {
    const { batches, pending, write } = createHeldWrite();
    const send = createBatcher(write, 10);
    const sent = [1, 2, 3, 4].map(send);
    assert.deepEqual(batches, [[1]]);
    pending[0]?.resolve();
    await settle();
    assert.deepEqual(batches, [[1], [2, 3, 4]]);
    pending[1]?.resolve();
    assert.deepEqual(await Promise.all(sent), ['done 1', 'done 2', 'done 3', 'done 4']);
  });

  it('writes no more at once than it may, in the order in which they came', async () => {
    const batches: number[][] = [];
    const send = createBatcher(async (items: readonly number[]) => {
      batches.push([...items]);
      await settle();
      return items;
    }, 2);
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map(send)), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(batches, [[1], [2, 3], [4, 5], [6]]);
  });

  it('tells each sender of a failed write, and goes on', async () => {
    const { pending, write, batches } = createHeldWrite();
    const send = createBatcher(write, 10);
    const sent = [1, 2, 3].map(send);
    const outcomes = Promise.allSettled(sent);
    pending[0]?.resolve();
    await settle();
    const later = send(4);
    const failure = new Error('No space left');
    pending[1]?.reject(failure);
    await settle();
    pending[2]?.resolve();
    assert.deepEqual(await outcomes, [
      { status: 'fulfilled', value: 'done 1' },
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    assert.equal(await later, 'done 4');
    assert.deepEqual(batches, [[1], [2, 3], [4]]);
  });

  it('survives a write that throws at once', async () => {
    let isBroken = true;
    const send = createBatcher((items: readonly number[]) => {
      if (isBroken) throw new Error('broken');
      return Promise.resolve(items);
    }, 10);
    await assert.rejects(send(1), /broken/);
    isBroken = false;
    assert.equal(await send(2), 2);
  });

  it('rejects the senders for whom a write has no result', async () => {
    const send = createBatcher(async (items: readonly number[]) => items.slice(1), 10);
    await assert.rejects(send(1), /without a result/);
  });

  it('writes again at once after a rest', async () => {
    const { batches, pending, write } = createHeldWrite();
    const send = createBatcher(write, 10);
    const first = send(1);
    pending[0]?.resolve();
    await first;
    await settle();
    void send(2);
    assert.deepEqual(batches, [[1], [2]]);
    pending[1]?.resolve();
  });
});

describe('batchers by key', () => {
  it('write together what is of one key, and apart what is of another', async () => {
    const written: [string, number[]][] = [];
    const send = createBatchers(async (key: string, items: readonly number[]) => {
      written.push([key, [...items]]);
      await settle();
      return items.map((item) => `${key} ${item}`);
    }, 10);
    const sent = [send('a', 1), send('a', 2), send('b', 3), send('a', 4)];
    assert.deepEqual(await Promise.all(sent), ['a 1', 'a 2', 'b 3', 'a 4']);
    assert.deepEqual(written, [
      ['a', [1]],
      ['b', [3]],
      ['a', [2, 4]],
    ]);
  });

  it('begin anew after a rest, and after a write that failed', async () => {
    let isBroken = true;
    const send = createBatchers(async (_key: string, items: readonly number[]) => {
      if (isBroken) throw new Error('broken');
      return items;
    }, 10);
    await assert.rejects(send('a', 1), /broken/);
    isBroken = false;
    assert.equal(await send('a', 2), 2);
  });
});
