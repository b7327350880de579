import { z } from 'zod';
import type { Database } from '#db/client.js';
import type { Logger } from '../logger.js';
import type { Hub, HubMessage } from './hub.js';
import { createSubscriptions } from './subscriptions.js';

const channel = 'worksynapse_hub';
/** PostgreSQL refuses a NOTIFY payload of 8,000 bytes or more. */
const maxBytes = 7_900;
const Batch = z.array(z.tuple([z.string(), z.object({ type: z.string(), id: z.string() })]));

/**
 * The hub over NOTIFY, where there is no Redis: one host, development. Messages that come at about the same
 * time go out together, and one topic says the same thing once.
 */
export async function createPostgresHub(database: Database, logger: Logger): Promise<Hub> {
  const subscriptions = createSubscriptions();
  const waiting = new Map<string, [string, HubMessage]>();
  let isSending = false;

  await database.listen(channel, (text) => {
    for (const [topic, message] of Batch.parse(JSON.parse(text))) subscriptions.deliver(topic, message);
  });

  async function send(): Promise<void> {
    isSending = true;
    // A NOTIFY is a statement of its own: what is said in one turn shall go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const payload = takeBatch(waiting);
      await database.notify(channel, payload).catch((err: unknown) => logger.warn({ err }, 'NOTIFY failed'));
    }
    isSending = false;
  }

  return {
    publish: (topic, message) => {
      waiting.set(`${topic} ${message.type}`, [topic, message]);
      if (!isSending) void send();
    },
    subscribe: (topic, onMessage) => {
      subscriptions.add(topic, onMessage);
      return () => {
        subscriptions.remove(topic, onMessage);
      };
    },
    ping: database.ping,
    // It listens on a connection of the database, and ends with it.
    close: async () => {},
  };
}

/** As many messages as go into one NOTIFY, at least one; they wait no more. */
function takeBatch(waiting: Map<string, [string, HubMessage]>): string {
  const batch: string[] = [];
  let bytes = 2;
  for (const [key, entry] of waiting) {
    const text = JSON.stringify(entry);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > maxBytes && batch.length > 0) break;
    waiting.delete(key);
    batch.push(text);
  }
  return `[${batch.join(',')}]`;
}
