import type { Engine } from '#runtime/engine/engine.js';
import { type Explanation, explained } from './explanation.js';

/** A worker that is there asks for work at least once a minute. */
const longestSilenceMs = 75_000;

/** Why nothing is carried out at present; undefined if a worker is at work. */
export async function explainWorkers({ workersSeenAt }: Engine): Promise<Explanation | undefined> {
  const seenAt = await workersSeenAt().catch(() => 'unreachable' as const);
  if (seenAt === 'unreachable') {
    return explained(
      'engine_unreachable',
      'The workflow engine does not answer; it goes on when that is back',
    );
  }
  if (seenAt && Date.now() - seenAt.getTime() <= longestSilenceMs) return undefined;
  const since = seenAt ? `since ${seenAt.toISOString()}` : 'for minutes';
  return explained('worker_down', `No worker has asked for work ${since}; it goes on when one is back`);
}
