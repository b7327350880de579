import assert from 'node:assert/strict';
import { createFairQueue } from './fair-queue.js';

describe('a fair queue', () => {
  /** Work that ends when it is told to, and notes when it begins. */
  function pieces() {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const piece = (name: string) => () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    const endNext = async () => {
      ends.shift()?.();
      await new Promise(setImmediate);
    };
    return { begun, piece, endNext };
  }

  it('has keys take turns, however much one of them has queued', async () => {
    const { begun, piece, endNext } = pieces();
    const queue = createFairQueue(1);
    const all = ['a1', 'a2', 'a3', 'b1', 'b2'].map((name) => queue.run(name.slice(0, 1), piece(name)));
    for (let count = 0; count < all.length; count += 1) await endNext();
    await Promise.all(all);
    assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('runs no more at a time than it may, and goes on after a failure', async () => {
    const { begun, piece, endNext } = pieces();
    const queue = createFairQueue(2);
    const failing = queue.run('a', () => Promise.reject(new Error('broken')));
    const rest = ['a1', 'a2', 'a3'].map((name) => queue.run('a', piece(name)));
    await assert.rejects(failing, /broken/);
    await new Promise(setImmediate);
    assert.deepEqual(begun, ['a1', 'a2']);
    for (let count = 0; count < 3; count += 1) await endNext();
    await Promise.all(rest);
    assert.deepEqual(begun, ['a1', 'a2', 'a3']);
  });

  it('keeps places free of a key that would take all', async () => {
    const { begun, piece, endNext } = pieces();
    const queue = createFairQueue(3, 2);
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map((name) => queue.run(name.slice(0, 1), piece(name)));
    assert.deepEqual(begun, ['a1', 'a2', 'b1']);
    for (let count = 0; count < all.length; count += 1) await endNext();
    await Promise.all(all);
    assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  });
});
