import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../logger.js';
import { type RateStore, stateOf } from './bucket.js';

/** How long a request may wait for Redis. */
const longestWaitMs = 50;
/** After Redis did not answer, requests do not ask it for so long. */
const restMs = 1_000;

/**
 * Takes from all buckets or from none, by the clock of Redis, so that hosts agree. Gets a key, a limit and a window (ms)
 * for each; answers with whether it took, the time (ms), and when each bucket is full.
 */
const takeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local full, allowed = {}, 1
for i, key in ipairs(KEYS) do
  local window = tonumber(ARGV[i * 2])
  local token = window / tonumber(ARGV[i * 2 - 1])
  full[i] = math.max(now, tonumber(redis.call('GET', key)) or now)
  if (window - (full[i] - now)) / token + 0.000001 < 1 then allowed = 0 end
end
for i, key in ipairs(KEYS) do
  if allowed == 1 then
    full[i] = full[i] + tonumber(ARGV[i * 2]) / tonumber(ARGV[i * 2 - 1])
    redis.call('SET', key, string.format('%.3f', full[i]), 'PX', math.ceil(full[i] - now) + 1)
  end
  full[i] = string.format('%.3f', full[i])
end
return { allowed, string.format('%.3f', now), full }
`;

const Answer = z.tuple([z.number(), z.coerce.number(), z.array(z.coerce.number())]);

/** Buckets in Redis, shared by all processes. Nobody waits longer than 50 ms for it, nor for one that is away. */
export function createRedisStore(url: string, logger: Logger): RateStore {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: longestWaitMs,
  });
  client.on('error', (error) =>
    logger.warn({ err: error }, 'Redis is not reachable: requests are not counted'),
  );
  let restsUntil = 0;

  return {
    async take(buckets) {
      if (performance.now() < restsUntil) throw new Error('Redis did not answer a moment ago');
      const settings = buckets.flatMap(({ limit, windowMs }) => [limit, windowMs]);
      const keys = buckets.map(({ key }) => key);
      try {
        const answer = await client.eval(takeScript, keys.length, ...keys, ...settings);
        const [allowed, now, full] = Answer.parse(answer);
        const states = buckets.map((bucket, index) => stateOf(bucket, full[index] ?? now, now));
        return { isAllowed: allowed === 1, states };
      } catch (error) {
        restsUntil = performance.now() + restMs;
        throw error;
      }
    },
    close: () => client.disconnect(),
  };
}
