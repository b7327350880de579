import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { findExecutable } from '#stack/find-executable.js';
import type { Stack } from '#stack/stack.js';
import { startStack } from '#stack/start-stack.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { eventually } from '#test/eventually.js';
import { createRedisHub } from '../../hub/redis-hub.js';
import { createLogger } from '../../logger.js';
import { createRedisTextStreams } from './redis-text-streams.js';
import type { TextStreams } from './text-streams.js';

// Redis is optional: where there is none, runs show whole messages only.
if (findExecutable('redis-server')) {
  describe('what agents say, over Redis', () => {
    const folder = temporaryFolder();
    let stack: Stack;
    let worker: TextStreams;
    let api: TextStreams;
    let close: () => Promise<void>;

    before(async () => {
      stack = await startStack({ home: folder.path, log: () => {}, services: new Set(['redis']) });
      const logger = createLogger({ name: 'texts', level: 'silent' });
      const url = stack.redisUrl ?? assert.fail('This stack has no Redis');
      const hub = createRedisHub(url, logger);
      worker = createRedisTextStreams(url, hub, logger);
      api = createRedisTextStreams(url, hub, logger);
      close = async () => {
        await Promise.all([worker.close(), api.close(), hub.close()]);
      };
    });
    after(async () => {
      await close();
      await stack.stop();
      folder.remove();
    });

    /** All that is kept, once it says as much. */
    const said = (orgId: string, runId: string, whole: string, after?: string) =>
      eventually(`“${whole}” was said`, async () => {
        const parts = await api.read(orgId, runId, after);
        return parts.map(({ text }) => text).join('') === whole ? parts : undefined;
      });

    it('comes in its order, and goes on after a place', async () => {
      const [orgId, runId] = [randomUUID(), randomUUID()];
      for (const text of ['Good ', 'morning', ', Ada'])
        worker.add(orgId, runId, { step: 1, attempt: 1, text });
      const parts = await said(orgId, runId, 'Good morning, Ada');
      worker.add(orgId, runId, { step: 1, attempt: 1, text: '!' });
      await said(orgId, runId, '!', parts.at(-1)?.place);
    });

    it('tells tries and steps apart, and runs of other organizations', async () => {
      const [orgId, runId] = [randomUUID(), randomUUID()];
      worker.add(orgId, runId, { step: 1, attempt: 1, text: 'lost' });
      worker.add(orgId, runId, { step: 1, attempt: 2, text: 'kept' });
      const parts = await said(orgId, runId, 'lostkept');
      assert.deepEqual(
        parts.map(({ attempt, text }) => [attempt, text]),
        [
          [1, 'lost'],
          [2, 'kept'],
        ],
      );
      assert.deepEqual(await api.read(randomUUID(), runId, undefined), []);
    });
  });
}
