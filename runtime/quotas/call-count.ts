import { isBeyond, type QuotaState } from '#core/quotas.js';
import type { Database } from '#db/client.js';
import type { Logger } from '../logger.js';
import { noteUsage } from './note-usage.js';
import { readQuotas } from './read-quotas.js';

/** Counts requests to the API by month, in the process; what has gathered is written every two seconds. */
export interface CallCount {
  /** Counts one. If the organization has used up its month: the state of the quota instead. Never rejects, never waits. */
  count(orgId: string): QuotaState | undefined;
  /** Writes what has gathered, and reads what the organizations may use now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Counted {
  /** Not written yet. */
  pending: number;
  /** As it was written last; undefined at first, when nobody is refused. */
  quota: QuotaState | undefined;
  /** Since it was written. */
  isAsked: boolean;
  lastAskedMs: number;
}

const flushEveryMs = 2_000;
/** How long an organization is remembered that asks for nothing. */
const keptMs = 60_000;

/** A process that dies loses what it has counted since the last time, and no more. */
export function createCallCount(database: Database, logger: Logger): CallCount {
  const counts = new Map<string, Counted>();
  let flushing: Promise<void> | undefined;

  async function write(orgId: string, counted: Counted): Promise<void> {
    const { pending } = counted;
    counted.pending = 0;
    counted.isAsked = false;
    try {
      const [quota] = await database.withOrg(orgId, async (transaction) => {
        await noteUsage(transaction, orgId, { name: 'api_calls', count: pending });
        return readQuotas(transaction, orgId, ['api_calls']);
      });
      counted.quota = quota;
    } catch (err) {
      counted.pending += pending;
      logger.error({ err, orgId }, 'API calls were not counted; they will be, with the next ones');
    }
  }

  async function flushAll(): Promise<void> {
    for (const [orgId, counted] of counts) {
      if (counted.pending > 0 || counted.isAsked) await write(orgId, counted);
      else if (performance.now() - counted.lastAskedMs > keptMs) counts.delete(orgId);
    }
  }

  async function flush(): Promise<void> {
    await flushing;
    flushing = flushAll().finally(() => {
      flushing = undefined;
    });
    await flushing;
  }

  const timer = setInterval(() => {
    if (!flushing) void flush();
  }, flushEveryMs).unref();

  return {
    count(orgId) {
      const counted = counts.get(orgId) ?? newCount();
      counts.set(orgId, counted);
      counted.isAsked = true;
      counted.lastAskedMs = performance.now();
      const { quota, pending } = counted;
      if (quota && isBeyond(quota, pending + 1)) return { ...quota, used: quota.used + pending };
      counted.pending += 1;
      return undefined;
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function newCount(): Counted {
  return { pending: 0, quota: undefined, isAsked: false, lastAskedMs: 0 };
}
