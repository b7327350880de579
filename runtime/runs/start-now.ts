import type { Engine } from '../engine/engine.js';
import type { Services } from '../services.js';
import { announceStart } from './announce-start.js';
import type { StartableGroup } from './run-group.js';

/** Starts a workflow past the dispatcher. Never throws: a start that fails is repeated by its note in the queue. */
export async function startNow(
  { engine, logger, hub }: Pick<Services, 'logger' | 'hub'> & { engine: Pick<Engine, 'startUrgent'> },
  group: StartableGroup,
): Promise<void> {
  const { orgId, workflowId } = group;
  announceStart(hub, group);
  await engine
    .startUrgent(group)
    .catch((err: unknown) =>
      logger.warn({ err, orgId, workflowId }, 'A workflow could not be started at once; the dispatcher will'),
    );
}
