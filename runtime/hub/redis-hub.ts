import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../logger.js';
import type { Hub } from './hub.js';
import { createSubscriptions } from './subscriptions.js';

const Message = z.object({ type: z.string(), id: z.string() });

/** The hub over Redis publish/subscribe. Reconnects by itself and subscribes again. */
export function createRedisHub(url: string, logger: Logger): Hub {
  const publisher = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null });
  const subscriptions = createSubscriptions();
  const report = (error: unknown) => logger.warn({ err: error }, 'Redis is not reachable');
  publisher.on('error', report);
  subscriber.on('error', report);
  subscriber.on('message', (topic: string, text: string) => {
    subscriptions.deliver(topic, Message.parse(JSON.parse(text)));
  });
  return {
    publish: (topic, message) => {
      publisher.publish(topic, JSON.stringify(message)).catch(report);
    },
    subscribe: (topic, onMessage) => {
      if (subscriptions.add(topic, onMessage).isFirst) subscriber.subscribe(topic).catch(report);
      return () => {
        if (subscriptions.remove(topic, onMessage).wasLast) subscriber.unsubscribe(topic).catch(report);
      };
    },
    ping: async () => {
      await publisher.ping();
    },
    close: async () => {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
