import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AutomationTrigger } from '#core/automation/definition.js';
import { maxDepth } from '#core/automation/depth.js';
import type { Plan } from '#core/automation/plan.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automations, automationVersions, dispatchQueue, runs } from '#db/schema/index.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { hasRoom } from '#runtime/limits/quota.js';
import { dispatchChannel, timeOrderedId } from '#runtime/outbox.js';
import { noteUsage } from '#runtime/quotas/note-usage.js';
import { requireQuota } from '#runtime/quotas/require-quota.js';
import { readVars } from '#runtime/runs/read-vars.js';
import { startOf } from '#runtime/runs/run-start.js';
import { startNow } from '#runtime/runs/start-now.js';
import { watchStarts } from '#runtime/runs/watch-starts.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { checkInput } from './check-run-input.js';
import { Run, runColumns } from './run.js';
import type { ParentStep } from './run-subflow.js';

export const startRun = defineAction({
  name: 'automations.run',
  title: 'Run automation',
  description:
    'Starts one run of the published version. `trigger` in its expressions is the given input, which an `api` trigger may check by a schema. With `wait` over HTTP, the answer is that of the run: what its `respond` node says, else 200 with its result or 204; 502 if it fails, 504 if it takes longer than `timeout`, while it goes on.',
  permission: 'automations:run',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/runs', status: 202 },
  input: z.strictObject({
    id: z.uuid(),
    input: z.record(z.string(), z.unknown()).default({}),
    wait: z.boolean().default(false).describe('Wait for the answer of the run'),
    timeout: z.int().min(1).max(120).default(30).describe('Seconds that `wait` lasts at most'),
  }),
  output: Run,
  async run(context: DomainContext, { id, input, wait }) {
    const [{ trigger, version, plan, grantId, mayStart }] = await Promise.all([
      readPublished(context, id),
      requireRunsOfMonth(context),
    ]);
    const started = { automationId: id, version, input: checkInput(trigger, input) };
    return wait && mayStart && !plan.limits
      ? startAtOnce(context, { ...started, plan, grantId })
      : queueRun(context, started);
  },
});

export interface NewRun {
  automationId: string;
  version: number;
  /** What `trigger` is in it. */
  input: unknown;
  rerunOf?: string;
  /** It tries out a draft; a subflow does where its parent does. */
  isTest?: boolean;
  /** The step that starts it as a subflow. */
  parent?: ParentStep;
  /** The run whose failure it deals with; of a subflow that of its parent unless given. */
  failedRunId?: string | null;
}

/**
 * Writes a run that a person, a caller or a step starts with this input, and lets the dispatcher start it. Throws
 * `conflict` at the end of too long a chain.
 */
export async function queueRun(context: DomainContext, started: NewRun): Promise<z.output<typeof Run>> {
  const { db, actor } = context;
  const runId = timeOrderedId();
  const [run] = await Promise.all([
    writeRun(context, runId, started, 'dispatcher'),
    db.insert(dispatchQueue).values({ orgId: actor.orgId, kind: 'run', sourceId: runId }),
  ]);
  dispatchAfterCommit(context, runId);
  return run;
}

/**
 * Throws `limit_exceeded` when the organization's month is used up. What automations start waits for the next one instead,
 * as what apps start does.
 */
export async function requireRunsOfMonth({ db, actor }: Pick<DomainContext, 'db' | 'actor'>): Promise<void> {
  if (actor.kind !== 'automation') await requireQuota(db, actor.orgId, { name: 'runs' });
}

/** Writes a run for whose end somebody waits, and starts it without the dispatcher. */
async function startAtOnce(
  context: DomainContext,
  { plan, grantId, ...started }: NewRun & { plan: Plan; grantId: string },
): Promise<z.output<typeof Run>> {
  const { db, actor, services } = context;
  const { orgId } = actor;
  const { automationId, version, input } = started;
  const run = await writeRun(context, timeOrderedId(), started);
  const files = services.files(orgId, db);
  const start = await startOf(files, plan, {
    runId: run.id,
    depth: depthOfRun(actor),
    payload: input,
    vars: await readVars(db, files, plan),
  });
  const workflowId = runWorkflowId(orgId, run.id);
  await Promise.all([watchStarts(db, orgId, [run.id]), noteUsage(db, orgId, { name: 'runs', count: 1 })]);
  startAfterCommit(context, { orgId, workflowId, automationId, version, grantId, plan, runs: [start] });
  return run;
}

/** A run that another run starts stands one further from the outside event that began the chain. */
function depthOfRun({ kind, depth }: Actor): number {
  return kind === 'automation' ? depth + 1 : 0;
}

async function writeRun(
  { db, actor }: DomainContext,
  runId: string,
  started: NewRun,
  heldFor: 'dispatcher' | null = null,
): Promise<z.output<typeof Run>> {
  const { orgId } = actor;
  const { automationId, version, input, rerunOf, parent } = started;
  const depth = depthOfRun(actor);
  if (depth >= maxDepth) throw new AppError('conflict', 'A chain of automations is too long; it ends here');
  const inherited = parent && (await inheritedFrom(db, parent.runId));
  const failedRunId = started.failedRunId ?? inherited?.failedRunId;
  const [run] = await db
    .insert(runs)
    .values({
      orgId,
      id: runId,
      automationId,
      automationVersion: version,
      sourceKind: parent ? 'subflow' : 'manual',
      sourceId: runId,
      workflowId: runWorkflowId(orgId, runId),
      input,
      depth,
      isTest: started.isTest ?? inherited?.isTest ?? false,
      heldFor,
      ...(rerunOf !== undefined && { rerunOf }),
      ...(parent && {
        parentRunId: parent.runId,
        parentNodeId: parent.nodeId,
        parentIteration: parent.iteration,
      }),
      ...(failedRunId != null && { failedRunId }),
    })
    .returning(runColumns);
  return Run.parse(run);
}

async function inheritedFrom(db: Transaction, runId: string) {
  const columns = { failedRunId: runs.failedRunId, isTest: runs.isTest };
  const [run] = await db.select(columns).from(runs).where(eq(runs.id, runId));
  return run;
}

function startAfterCommit(
  { services, afterCommit }: DomainContext,
  group: Parameters<typeof startNow>[1],
): void {
  afterCommit(() => {
    void startNow(services, group);
  });
}

function dispatchAfterCommit({ services, afterCommit }: DomainContext, runId: string): void {
  afterCommit(() => services.hub.publish(dispatchChannel, { type: 'run', id: runId }));
}

async function readPublished({ db, actor, services }: DomainContext, id: string) {
  const { ORGANIZATION_MAX_RUNNING_RUNS: maxRunning } = services.configuration;
  const [automation] = await db
    .select({
      status: automations.status,
      version: automationVersions.version,
      plan: automationVersions.plan,
      grantId: automationVersions.grantId,
      trigger: sql<unknown>`${automationVersions.definition} -> 'trigger'`,
      mayStart: hasRoom(actor.orgId, maxRunning),
    })
    .from(automations)
    .leftJoin(
      automationVersions,
      and(
        eq(automationVersions.automationId, automations.id),
        eq(automationVersions.version, automations.publishedVersion),
      ),
    )
    .where(and(eq(automations.id, id), isNull(automations.deletedAt)));
  if (!automation) throw new AppError('not_found', 'There is no such automation');
  const { status, version, plan, grantId, trigger, mayStart } = automation;
  if (status !== 'active' || version === null || plan === null || grantId === null) {
    throw new AppError('conflict', 'The automation is not active; publish or resume it first');
  }
  return { version, plan, grantId, mayStart, trigger: AutomationTrigger.parse(trigger) };
}
