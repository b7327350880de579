import { hubTopic } from '../hub/hub.js';
import type { Services } from '../services.js';
import { openRun, type RunPlace } from './agent-run.js';

/**
 * A signal that aborts soon after a run was cancelled or halted: what is asked of a provider ends then, and not first when the engine
 * passes the news on. Best effort; call `stop` when it is needed no more.
 */
export function watchRun(services: Services, place: RunPlace): { signal: AbortSignal; stop(): void } {
  const { orgId, runId } = place;
  const controller = new AbortController();
  const look = async () => {
    const { run, isHalted } = await services.database.withOrg(orgId, (transaction) =>
      openRun(transaction, place),
    );
    if (isHalted || run.finishedAt !== null || run.cancelRequestedAt !== null) controller.abort();
  };
  const stop = services.hub.subscribe(hubTopic.agentRun(orgId, runId), ({ type }) => {
    if (type !== 'run') return;
    look().catch((err: unknown) => {
      services.logger.warn({ err, orgId, runId }, 'A run could not be looked at');
    });
  });
  return { signal: controller.signal, stop };
}
