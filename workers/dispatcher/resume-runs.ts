import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { automationVersions, runs } from '#db/schema/index.js';
import { readVars } from '#runtime/runs/read-vars.js';
import type { StartableGroup } from '#runtime/runs/run-group.js';
import { startOf } from '#runtime/runs/run-start.js';
import { sourcePayloads } from '#runtime/runs/source-payload.js';
import { watchStarts } from '#runtime/runs/watch-starts.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';
import { type Entrant, enterLines } from './limits/enter-lines.js';
import { letGo, placeInWorkflows, type Releasable } from './limits/release.js';
import type { Turn } from './limits/turn.js';

/**
 * Groups of runs that wait for their workflow: started by hand, or noted by an earlier start that may have failed.
 * A group of which any run has begun needs nothing; the engine has it. Runs that the limits have not seen yet, and for
 * which there is no room, or which have limits of their own, join their lines.
 */
export async function resumeRuns(
  services: Services,
  transaction: Transaction,
  turn: Turn,
  entries: readonly QueueEntry[],
): Promise<StartableGroup[]> {
  const ids = entries.map(({ sourceId }) => sourceId);
  const waiting = await readWaiting(transaction, ids);
  const isNew = ({ run }: Waiting) => run.heldFor === 'dispatcher';
  const unlimited = waiting.filter((entry) => isNew(entry) && !entry.plan.limits);
  const isFree = !turn.quota.hasLine && unlimited.length <= turn.quota.room;
  const held = waiting.filter((entry) => isNew(entry) && (entry.plan.limits || !isFree));
  await enterLines(transaction, turn, await toEntrants(services, transaction, turn.orgId, held, ids));
  const placed = isFree ? placeInWorkflows(turn.orgId, unlimited.map(asReleasable)) : [];
  const placeOf = new Map(placed.map(({ id, workflowId }) => [id, workflowId]));
  const starting = waiting
    .filter((entry) => !held.includes(entry))
    .map(({ run, ...version }) => {
      return { run: { ...run, workflowId: placeOf.get(run.id) ?? run.workflowId }, ...version };
    });
  const [groups] = await Promise.all([
    toGroups(services, transaction, turn.orgId, { waiting: starting, entries }),
    letGo(transaction, turn, placed),
  ]);
  return groups;
}

function asReleasable({ run, plan }: Waiting): Releasable {
  const { id, automationId, automationVersion: version, attempt } = run;
  return { id, automationId, version, attempt, isLight: plan.isLight };
}

/** The groups of runs that the limits have let go just now. */
export async function startReleased(
  services: Services,
  transaction: Transaction,
  { orgId, releasedIds }: Turn,
): Promise<StartableGroup[]> {
  if (releasedIds.length === 0) return [];
  const waiting = await readWaiting(transaction, releasedIds);
  return toGroups(services, transaction, orgId, { waiting, entries: [] });
}

async function toGroups(
  services: Services,
  transaction: Transaction,
  orgId: string,
  { waiting, entries }: { waiting: readonly Waiting[]; entries: readonly QueueEntry[] },
): Promise<StartableGroup[]> {
  const payloads = await sourcePayloads(
    transaction,
    services.files(orgId, transaction).withoutQuota,
    waiting.map(({ run }) => run),
  );
  const groups: StartableGroup[] = [];
  for (const carried of byWorkflow(waiting)) {
    const group = await toGroup(services, transaction, orgId, { carried, payloads });
    const own = entries.filter(({ sourceId }) => holds(carried, sourceId));
    const attempts = Math.max(0, ...own.map((entry) => entry.attempts));
    await watchStarts(transaction, orgId, [carried[0].run.id], attempts);
    groups.push(group);
  }
  return groups;
}

/** In the order in which they were queued. */
async function toEntrants(
  services: Services,
  transaction: Transaction,
  orgId: string,
  held: readonly Waiting[],
  order: readonly string[],
): Promise<Entrant[]> {
  const files = services.files(orgId, transaction).withoutQuota;
  const sorted = [...held].sort((a, b) => order.indexOf(a.run.id) - order.indexOf(b.run.id));
  const payloads = await sourcePayloads(
    transaction,
    files,
    held.flatMap(({ run, plan }) => (plan.limits ? run : [])),
  );
  return sorted.map(({ run, plan: { limits } }) => {
    const payload = payloads.get(run.id) ?? null;
    return { runId: run.id, automationId: run.automationId, attempt: run.attempt, limits, payload };
  });
}

type Waiting = Awaited<ReturnType<typeof readWaiting>>[number];

/** The runs that are queued and share a workflow with one of these, where no run of that workflow has begun. */
async function readWaiting(transaction: Transaction, runIds: readonly string[]) {
  // As arrays they are read first, by index; joined, all runs of the organization might be.
  const asked = sql`ARRAY(SELECT workflow_id FROM runs WHERE id = ANY(${sql.param([...runIds])}::uuid[]))`;
  const begun = sql`ARRAY(SELECT workflow_id FROM runs WHERE workflow_id = ANY(${asked}) AND started_at IS NOT NULL)`;
  const waiting = await transaction
    .select()
    .from(runs)
    .where(
      and(
        sql`${runs.workflowId} = ANY(${asked})`,
        sql`${runs.workflowId} <> ALL(${begun})`,
        eq(runs.status, 'queued'),
        or(isNull(runs.heldFor), eq(runs.heldFor, 'dispatcher')),
      ),
    )
    .orderBy(runs.id);
  if (waiting.length === 0) return [];
  const versions = await readVersions(transaction, waiting);
  return waiting.flatMap((run) => {
    const version = versions.get(versionKey(run.automationId, run.automationVersion));
    return version ? [{ run, ...version }] : [];
  });
}

/** Each once: a plan may be large, and the runs many. */
async function readVersions(transaction: Transaction, pinning: readonly (typeof runs.$inferSelect)[]) {
  const pinned = new Map(
    pinning.map(({ automationId, automationVersion }) => [
      versionKey(automationId, automationVersion),
      and(
        eq(automationVersions.automationId, automationId),
        eq(automationVersions.version, automationVersion),
      ),
    ]),
  );
  const { automationId, version, plan, grantId } = automationVersions;
  const rows = await transaction
    .select({ automationId, version, plan, grantId })
    .from(automationVersions)
    .where(or(...pinned.values()));
  return new Map(
    rows.map((row) => [versionKey(row.automationId, row.version), { plan: row.plan, grantId: row.grantId }]),
  );
}

function versionKey(automationId: string, version: number): string {
  return `${automationId} ${version}`;
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
  { carried, payloads }: { carried: [Waiting, ...Waiting[]]; payloads: ReadonlyMap<string, unknown> },
): Promise<StartableGroup> {
  const [{ run, plan, grantId }] = carried;
  const files = services.files(orgId, transaction).withoutQuota;
  const vars = await readVars(transaction, files, plan);
  const starts = await Promise.all(
    carried.map(({ run: { id, depth, attempt } }) =>
      startOf(files, plan, { runId: id, depth, attempt, payload: payloads.get(id) ?? null, vars }),
    ),
  );
  const { workflowId, automationId, automationVersion: version } = run;
  return { orgId, workflowId, automationId, version, grantId, plan, runs: starts };
}
