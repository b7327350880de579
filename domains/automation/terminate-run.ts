import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, type ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, runSteps, runs, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { queueTurns } from '#runtime/limits/queue-turns.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { abandonWaits } from '#runtime/waits/abandon-waits.js';
import { answerRunWaits } from '#runtime/waits/answer-run-waits.js';
import { runTerminated } from './events.js';
import { Run, runColumns } from './run.js';

export const terminateRun = defineAction({
  name: 'runs.terminate',
  title: 'Terminate run',
  description:
    'Ends a run that does not react to being cancelled, at once: nothing of it begins any more, and what it was doing is not waited for.',
  permission: 'runs:terminate',
  effect: 'write',
  http: { method: 'post', path: '/runs/:id/terminate' },
  input: z.strictObject({ id: z.uuid() }),
  output: Run,
  emits: [runTerminated.type],
  async run({ db, actor, services, emit, afterCommit }: DomainContext, { id }) {
    const { orgId, userId } = actor;
    const [known] = await db
      .select({ status: runs.status, line: runs.line })
      .from(runs)
      .where(eq(runs.id, id))
      .for('update');
    if (!known) throw new AppError('not_found', 'There is no such run');
    if (known.status === 'cancelled') return readRun(db, id);
    if (known.status === 'succeeded' || known.status === 'failed') {
      throw new AppError('conflict', `The run has ${known.status} already`);
    }
    const terminated = await end(db, id, userId);
    const tells = await abandonWaits(db, services, { orgId, runId: id });
    await queueTurns(db, orgId, [{ runId: id, automationId: terminated.automationId, line: known.line }]);
    await answerRunWaits(db, orgId, [id]);
    await db.insert(dispatchQueue).values({ orgId, kind: 'terminate', sourceId: id });
    const { automationId } = terminated;
    emit(runTerminated, { runId: id, automationId, terminatedBy: userId });
    afterCommit(async () => {
      services.hub.publish(dispatchChannel, { type: 'run', id });
      services.hub.publish(hubTopic.run(orgId, id), { type: 'run', id });
      services.hub.publish(hubTopic.runs(orgId), { type: 'runs', id: automationId });
      const told = await Promise.allSettled(tells.map((tell) => tell()));
      for (const one of told) {
        // The queue's note cancels it again.
        if (one.status === 'rejected')
          services.logger.warn({ err: one.reason, orgId, runId: id }, 'A subflow could not be cancelled yet');
      }
    });
    return terminated;
  },
});

async function end(db: Transaction, id: string, userId: string): Promise<z.output<typeof Run>> {
  const [person] = await db.select({ name: users.name }).from(users).where(eq(users.id, userId));
  const error: ErrorRecord = { code: 'conflict', message: `Terminated by ${person?.name ?? userId}` };
  const [run] = await db
    .update(runs)
    .set({ status: 'cancelled', finishedAt: sql`now()`, terminatedAt: sql`now()`, error })
    .where(eq(runs.id, id))
    .returning(runColumns);
  await db
    .update(runSteps)
    .set({ status: 'cancelled', finishedAt: sql`now()` })
    .where(and(eq(runSteps.runId, id), inArray(runSteps.status, ['queued', 'running', 'waiting'])));
  return Run.parse(run);
}

async function readRun(db: Transaction, id: string): Promise<z.output<typeof Run>> {
  const [run] = await db.select(runColumns).from(runs).where(eq(runs.id, id));
  return Run.parse(run);
}
