import { AppError } from '#core/errors.js';
import { hubTopic } from '#runtime/hub/hub.js';
import type { Services } from '#runtime/services.js';
import type { DispatchedBatch } from '../dispatch-batch.js';

/**
 * Asks the workflows of runs that have to make room to end these, and tells readers of those that ended while they
 * waited. A request that fails is repeated with the next look at the line, so nothing is thrown here.
 */
export async function endRuns(
  { engine, hub, logger }: Pick<Services, 'engine' | 'hub' | 'logger'>,
  { cancels, ended }: Pick<DispatchedBatch, 'cancels' | 'ended'>,
): Promise<void> {
  for (const { orgId, runId } of ended) hub.publish(hubTopic.run(orgId, runId), { type: 'run', id: runId });
  for (const request of cancels) {
    // Not waited for: it takes as long as its workflow needs, and others shall not.
    void engine.cancelRun(request).catch((err: unknown) => {
      if (err instanceof AppError && err.code === 'conflict') return;
      logger.warn(
        { err, ...request },
        'A run that has to make room could not be cancelled; it is tried again',
      );
    });
  }
}
