import type { Engine } from '../engine/engine.js';
import type { Logger } from '../logger.js';
import type { StartableGroup } from './run-group.js';

/** Starts a workflow past the dispatcher. Never throws: a start that fails is repeated by its note in the queue. */
export async function startNow(
  engine: Pick<Engine, 'startUrgent'>,
  logger: Logger,
  group: StartableGroup,
): Promise<void> {
  const { orgId, workflowId } = group;
  await engine
    .startUrgent(group)
    .catch((err: unknown) =>
      logger.warn({ err, orgId, workflowId }, 'A workflow could not be started at once; the dispatcher will'),
    );
}
