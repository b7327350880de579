import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { cancelUnfinished } from '#runtime/runs/cancel-run.js';
import { Run, runColumns } from './run.js';

export const cancelRun = defineAction({
  name: 'runs.cancel',
  title: 'Cancel run',
  description: 'Ends a run. Steps under way are aborted; what they have already done stays done.',
  permission: 'runs:cancel',
  effect: 'write',
  http: { method: 'post', path: '/runs/:id/cancel', status: 202 },
  input: z.strictObject({ id: z.uuid() }),
  output: Run,
  async run({ db, actor, services, afterCommit }: DomainContext, { id }) {
    const run = await findRun(db, id);
    const tell = await cancelUnfinished(db, services, { orgId: actor.orgId, id });
    if (!tell) throw new AppError('conflict', `The run has ${run.status} already`);
    afterCommit(tell);
    return Run.parse(await findRun(db, id));
  },
});

async function findRun(db: Transaction, id: string) {
  const [run] = await db.select(runColumns).from(runs).where(eq(runs.id, id));
  if (!run) throw new AppError('not_found', 'There is no such run');
  return run;
}
