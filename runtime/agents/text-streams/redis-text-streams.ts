import { Redis } from 'ioredis';
import { z } from 'zod';
import { type Hub, hubTopic } from '../../hub/hub.js';
import type { Logger } from '../../logger.js';
import type { SaidPart, TextStreams } from './text-streams.js';

/** How long a stream is kept after its last part. */
const keptSeconds = 600;
/** Most parts of one run that are kept, about. */
const maxParts = 10_000;
/** Most parts that one read gives. */
const maxRead = 2_000;
/** How long parts are gathered before they go out. */
const gatherMs = 15;

const Part = z.object({ step: z.coerce.number(), attempt: z.coerce.number(), text: z.string() });

interface Gathering extends SaidPart {
  orgId: string;
  runId: string;
}

/** Streams of text in Redis, one for each run. */
export function createRedisTextStreams(url: string, hub: Hub, logger: Logger): TextStreams {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  const report = (error: unknown) => logger.warn({ err: error }, 'What an agent says could not be passed on');
  client.on('error', report);
  const gathering = new Map<string, Gathering>();

  function flush(key: string): void {
    const part = gathering.get(key);
    if (!part) return;
    gathering.delete(key);
    const { orgId, runId, step, attempt, text } = part;
    client
      .pipeline()
      .xadd(key, 'MAXLEN', '~', maxParts, '*', 'step', step, 'attempt', attempt, 'text', text)
      .expire(key, keptSeconds)
      .exec()
      .then(() => hub.publish(hubTopic.agentRun(orgId, runId), { type: 'text', id: runId }), report);
  }

  return {
    add(orgId, runId, part) {
      const key = streamKey(orgId, runId);
      const begun = gathering.get(key);
      if (begun && begun.step === part.step && begun.attempt === part.attempt) {
        begun.text += part.text;
        return;
      }
      flush(key);
      gathering.set(key, { orgId, runId, ...part });
      setTimeout(() => flush(key), gatherMs);
    },
    async read(orgId, runId, after) {
      const from = after === undefined ? '-' : `(${after}`;
      const entries = await client.xrange(streamKey(orgId, runId), from, '+', 'COUNT', maxRead);
      return entries.map(([place, fields]) => ({ place, ...Part.parse(asObject(fields)) }));
    },
    close: async () => {
      client.disconnect();
    },
  };
}

function streamKey(orgId: string, runId: string): string {
  return `org/${orgId}/agent-run/${runId}/text`;
}

/** Redis gives names and values in turn. */
function asObject(fields: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let place = 0; place + 1 < fields.length; place += 2)
    pairs.push([fields[place] ?? '', fields[place + 1] ?? '']);
  return Object.fromEntries(pairs);
}
