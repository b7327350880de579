import { toErrorRecord } from '#core/errors.js';
import { hubTopic } from '../hub/hub.js';
import type { Services } from '../services.js';
import { changeRun, openRun, type RunPlace } from './agent-run.js';
import { closeOpen, endRun } from './end-run.js';

/** A run can't go on: a piece of work ends; a conversation stays as it is, and goes on when somebody writes or tries it again. */
export async function failRun(services: Services, { orgId, runId }: RunPlace, error: unknown): Promise<void> {
  const place = { orgId, runId };
  const record = toErrorRecord(error);
  await services.database.withOrg(orgId, async (transaction) => {
    const { run } = await openRun(transaction, place, { isLocked: true });
    if (run.finishedAt !== null) return;
    if (run.isTask) return endRun(services, transaction, place, { status: 'failed', error: record });
    await closeOpen(transaction, place, new Date().toISOString());
    await changeRun(transaction, place, { status: 'failed', error: record });
  });
  services.logger.warn({ err: error, orgId, runId }, 'A run of an agent failed');
  services.hub.publish(hubTopic.agentRun(orgId, runId), { type: 'run', id: runId });
}
