import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { findExecutable } from '#stack/find-executable.js';
import type { Stack } from '#stack/stack.js';
import { startStack } from '#stack/start-stack.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { eventually } from '#test/eventually.js';
import { createLogger } from '../logger.js';
import type { RateStore } from './bucket.js';
import { createRedisStore } from './redis-store.js';

const logger = createLogger({ name: 'rates', level: 'silent' });

// Redis is optional: where there is none, each process counts for itself.
if (findExecutable('redis-server')) {
  describe('buckets in Redis', () => {
    const folder = temporaryFolder();
    let stack: Stack;
    let here: RateStore;
    let there: RateStore;
    before(async () => {
      stack = await startStack({ home: folder.path, log: () => {}, services: new Set(['redis']) });
      const url = stack.redisUrl ?? assert.fail('This stack has no Redis');
      here = createRedisStore(url, logger);
      there = createRedisStore(url, logger);
      for (const store of [here, there]) await answering(store);
    });
    after(async () => {
      here.close();
      there.close();
      await stack.stop();
      folder.remove();
    });
    const newBucket = (limit: number, windowMs = 60_000) => ({
      key: `rate:{t}:${randomUUID()}`,
      limit,
      windowMs,
    });
    const answering = (store: RateStore) =>
      eventually('Redis answers', () => store.take([newBucket(1)]).catch(() => undefined));

    it('are shared by all processes, and give no token twice to many at once', async () => {
      const bucket = newBucket(20);
      const tries = Array.from({ length: 50 }, (_, index) => (index % 2 ? here : there).take([bucket]));
      const taken = await Promise.all(tries);
      assert.equal(taken.filter(({ isAllowed }) => isAllowed).length, 20);
      const { isAllowed, states } = await here.take([bucket]);
      assert.equal(isAllowed, false);
      assert.equal(states[0]?.remaining, 0);
      assert.ok((states[0]?.waitMs ?? 0) > 0 && (states[0]?.waitMs ?? 0) <= 3_000);
    });

    it('are taken from together or not at all', async () => {
      const [small, large] = [newBucket(1), newBucket(10)];
      await here.take([large, small]);
      assert.equal((await here.take([large, small])).isAllowed, false);
      assert.equal((await here.take([large])).states[0]?.remaining, 8);
    });

    it('fill again with time', async () => {
      const bucket = newBucket(2, 400);
      await here.take([bucket]);
      await here.take([bucket]);
      assert.equal((await here.take([bucket])).isAllowed, false);
      await eventually('there is a token', async () =>
        (await here.take([bucket])).isAllowed ? true : undefined,
      );
    });
  });
}

describe('buckets in a Redis that does not answer', () => {
  it('reject within 50 ms, and then at once', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const store = createRedisStore(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`, logger);
    const began = performance.now();
    const bucket = { key: 'a', limit: 1, windowMs: 1_000 };
    for (let count = 0; count < 100; count += 1) await assert.rejects(store.take([bucket]));
    // A hundred that each wait would take five seconds.
    assert.ok(performance.now() - began < 2_000, `took ${performance.now() - began} ms`);
    store.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
