import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { findExecutable } from '#stack/find-executable.js';
import type { Stack } from '#stack/stack.js';
import { startStack } from '#stack/start-stack.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { eventually } from '#test/eventually.js';
import { createLogger } from '../logger.js';
import { type Hub, type HubMessage, hubTopic } from './hub.js';
import { createRedisHub } from './redis-hub.js';

// Redis is optional: where there is none, NOTIFY stands in, and has its own tests.
if (findExecutable('redis-server')) {
  describe('the hub over Redis', () => {
    const folder = temporaryFolder();
    let stack: Stack;
    let here: Hub;
    let there: Hub;
    before(async () => {
      stack = await startStack({ home: folder.path, log: () => {}, services: new Set(['redis']) });
      const logger = createLogger({ name: 'hub', level: 'silent' });
      const url = stack.redisUrl ?? assert.fail('This stack has no Redis');
      here = createRedisHub(url, logger);
      there = createRedisHub(url, logger);
    });
    after(async () => {
      await Promise.all([here.close(), there.close()]);
      await stack.stop();
      folder.remove();
    });

    const newTopic = () => hubTopic.run(randomUUID(), randomUUID());
    const newMessage = (): HubMessage => ({ type: 'run', id: randomUUID() });

    /** What a process hears on a topic, once it is known to listen. */
    async function hear(hub: Hub, topic: string): Promise<HubMessage[]> {
      const heard: HubMessage[] = [];
      hub.subscribe(topic, (message) => heard.push(message));
      await eventually('it listens', () => {
        here.publish(topic, newMessage());
        return heard.length > 0 || undefined;
      });
      return heard;
    }

    it('tells the other process and the own one, and only who listens to the topic', async () => {
      const [topic, other] = [newTopic(), newTopic()];
      const [heardHere, heardThere, heardOther] = [
        await hear(here, topic),
        await hear(there, topic),
        await hear(there, other),
      ];
      const [first, second] = [newMessage(), newMessage()];
      here.publish(topic, first);
      here.publish(other, second);
      await eventually('each heard its last', () => {
        const last = [heardHere, heardThere, heardOther].map((heard) => heard.at(-1)?.id);
        return last.join() === [first.id, first.id, second.id].join() || undefined;
      });
      assert.ok(!heardOther.some(({ id }) => id === first.id));
    });

    it('tells nothing more after unsubscribing', async () => {
      const topic = newTopic();
      const left: HubMessage[] = [];
      const stayed = await hear(here, topic);
      const unsubscribe = there.subscribe(topic, (message) => left.push(message));
      await eventually('both listen', () => {
        here.publish(topic, newMessage());
        return left.length > 0 || undefined;
      });
      unsubscribe();
      const last = newMessage();
      here.publish(topic, last);
      await eventually('the other one heard it', () => stayed.at(-1)?.id === last.id || undefined);
      assert.ok(!left.some(({ id }) => id === last.id));
    });

    it('listens and tells again after Redis was away', async () => {
      const topic = newTopic();
      const heard = await hear(there, topic);
      await stack.redis.kill();
      await assert.rejects(here.ping());
      await stack.redis.start();
      const before = heard.length;
      await eventually('a message gets through again', () => {
        here.publish(topic, newMessage());
        return heard.length > before || undefined;
      });
      await eventually('it can be pinged again', () =>
        here.ping().then(
          () => true,
          () => undefined,
        ),
      );
    });
  });
}
