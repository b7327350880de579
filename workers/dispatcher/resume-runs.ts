import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { automationVersions, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import { readVars } from '#runtime/runs/read-vars.js';
import type { StartableGroup } from '#runtime/runs/run-group.js';
import { startOf } from '#runtime/runs/run-start.js';
import { sourcePayload } from '#runtime/runs/source-payload.js';
import { watchStarts } from '#runtime/runs/watch-starts.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';

/**
 * Groups of runs that wait for their workflow: started by hand, or noted by an earlier start that may have failed.
 * A group of which any run has begun needs nothing; the engine has it.
 */
export async function resumeRuns(
  services: Services,
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<StartableGroup[]> {
  const waiting = await readWaiting(
    transaction,
    entries.map(({ sourceId }) => sourceId),
  );
  const groups: StartableGroup[] = [];
  for (const carried of byWorkflow(waiting)) {
    const group = await toGroup(services, transaction, orgId, carried);
    const attempts = Math.max(
      ...entries.filter(({ sourceId }) => holds(carried, sourceId)).map((entry) => entry.attempts),
    );
    await watchStarts(transaction, orgId, [carried[0].run.id], attempts);
    groups.push(group);
  }
  return groups;
}

type Waiting = Awaited<ReturnType<typeof readWaiting>>[number];

/** The runs that are queued and share a workflow with one of these, where no run of that workflow has begun. */
async function readWaiting(transaction: Transaction, runIds: readonly string[]) {
  return transaction
    .select({ run: runs, plan: automationVersions.plan, grantId: automationVersions.grantId })
    .from(runs)
    .innerJoin(automationVersions, versionOfRun)
    .where(
      and(
        eq(runs.status, 'queued'),
        sql`${runs.workflowId} IN (SELECT workflow_id FROM runs WHERE id = ANY(${sql.param([...runIds])}::uuid[]))`,
        sql`NOT EXISTS (SELECT FROM runs begun WHERE begun.workflow_id = ${runs.workflowId} AND begun.started_at IS NOT NULL)`,
      ),
    )
    .orderBy(runs.id);
}

function byWorkflow(waiting: readonly Waiting[]): [Waiting, ...Waiting[]][] {
  const groups = new Map<string, [Waiting, ...Waiting[]]>();
  for (const entry of waiting) {
    const group = groups.get(entry.run.workflowId);
    if (group) group.push(entry);
    else groups.set(entry.run.workflowId, [entry]);
  }
  return [...groups.values()];
}

function holds(carried: readonly Waiting[], runId: string): boolean {
  return carried.some(({ run }) => run.id === runId);
}

async function toGroup(
  services: Services,
  transaction: Transaction,
  orgId: string,
  carried: [Waiting, ...Waiting[]],
): Promise<StartableGroup> {
  const [{ run, plan, grantId }] = carried;
  const files = services.files(orgId, transaction);
  const vars = await readVars(transaction, files, plan);
  const starts = await Promise.all(
    carried.map(async ({ run: { id, depth, attempt, sourceKind, sourceId, input } }) => {
      const payload = await sourcePayload(transaction, files, { sourceKind, sourceId, input });
      return startOf(files, plan, { runId: id, depth, attempt, payload, vars });
    }),
  );
  const { workflowId, automationId, automationVersion: version } = run;
  return { orgId, workflowId, automationId, version, grantId, plan, runs: starts };
}
