import { and, eq, inArray } from 'drizzle-orm';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, dispatchQueue, listeners, runs } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';
import { hasRoom } from '../limits/quota.js';
import { timeOrderedId } from '../outbox.js';
import { noteUsage } from '../quotas/note-usage.js';
import { type AcceptedDelivery, type IncomingDelivery, writeDeliveries } from '../write-deliveries.js';
import { readVars } from './read-vars.js';
import { inGroups, maxGroupSize, type StartableGroup } from './run-group.js';
import { startOf } from './run-start.js';
import { watchStarts } from './watch-starts.js';
import { runWorkflowId } from './workflow-id.js';

/** A delivery whose sender waits, with the run to wait for. A repeat has the first one's run. */
export interface WaitedDelivery extends AcceptedDelivery {
  /** Undefined: the trigger's condition does not hold, or nothing listens any more. */
  runId: string | undefined;
}

export interface WaitedDeliveries {
  /** In the order in which they were given. */
  accepted: WaitedDelivery[];
  /** To be started after the commit; the dispatcher starts those with which that does not happen. */
  groups: StartableGroup[];
  /** Runs that may have to wait for their turn: the dispatcher has to be woken. */
  queued: string[];
}

interface WaitedIntake {
  /** All for this automation. */
  deliveries: readonly IncomingDelivery[];
  automationId: string;
  /** Of the organization's runs. */
  maxRunning: number;
}

type Listening = NonNullable<Awaited<ReturnType<typeof readListening>>>;

/** A run that is made with its delivery. */
interface NewRun {
  runId: string;
  deliveryId: string;
  payload: unknown;
}

/**
 * Writes deliveries of one moment for one automation together with their runs. Those of a light version share a workflow,
 * as the dispatcher groups them: one that comes alone has one of its own.
 */
export async function writeWaitedDeliveries(
  db: Transaction,
  files: FileStore,
  { deliveries, automationId, maxRunning }: WaitedIntake,
): Promise<WaitedDeliveries> {
  const orgId = deliveries[0]?.orgId ?? '';
  const version = await readListening(db, automationId, { orgId, maxRunning, wanted: deliveries.length });
  const wanted = deliveries.map((delivery) => {
    const hasRun = version !== undefined && isWanted(version.plan.trigger.where, delivery.payload);
    return { ...delivery, hasRun };
  });
  const written = await writeDeliveries(db, files, wanted);
  const isFirst = ({ isNew, deliveryId }: AcceptedDelivery, index: number) =>
    isNew && written.findIndex((other) => other.deliveryId === deliveryId) === index;
  const made = written.flatMap((entry, index): NewRun[] => {
    const { hasRun, payload } = wanted[index] ?? {};
    if (!hasRun || !isFirst(entry, index)) return [];
    return [{ runId: timeOrderedId(), deliveryId: entry.deliveryId, payload }];
  });
  const runsOf =
    version && made.length > 0 ? await writeRuns(db, files, { orgId, automationId, version, made }) : none;
  const repeated = written.filter(({ isNew }) => !isNew).map(({ deliveryId }) => deliveryId);
  const known = new Map([
    ...(await findRuns(db, automationId, repeated)),
    ...made.map(({ deliveryId, runId }) => [deliveryId, runId] as const),
  ]);
  const accepted = written.map((entry) => ({ ...entry, runId: known.get(entry.deliveryId) }));
  return { accepted, ...runsOf };
}

const none: Pick<WaitedDeliveries, 'groups' | 'queued'> = { groups: [], queued: [] };

async function writeRuns(
  db: Transaction,
  files: FileStore,
  intake: { orgId: string; automationId: string; version: Listening; made: readonly NewRun[] },
): Promise<Pick<WaitedDeliveries, 'groups' | 'queued'>> {
  const { orgId, automationId, version, made } = intake;
  const { plan, grantId } = version;
  const startsNow = version.mayStart && !plan.limits;
  const shared = inGroups(made, startsNow && plan.isLight ? maxGroupSize : 1);
  const vars = await readVars(db, files, plan);
  const rows = shared.flatMap((members) =>
    members.map(({ runId, deliveryId }) => ({
      orgId,
      id: runId,
      automationId,
      automationVersion: version.version,
      sourceKind: 'delivery' as const,
      sourceId: deliveryId,
      workflowId: runWorkflowId(orgId, firstOf(members)),
      heldFor: startsNow ? null : ('dispatcher' as const),
    })),
  );
  const queued = startsNow ? [] : made.map(({ runId }) => runId);
  const [groups] = await Promise.all([
    Promise.all(
      (startsNow ? shared : []).map(async (members): Promise<StartableGroup> => {
        const starts = members.map(({ runId, payload }) =>
          startOf(files, plan, { runId, depth: 0, payload, vars }),
        );
        const workflowId = runWorkflowId(orgId, firstOf(members));
        return {
          orgId,
          workflowId,
          automationId,
          version: version.version,
          grantId,
          plan,
          runs: await Promise.all(starts),
        };
      }),
    ),
    db.insert(runs).values(rows),
    startsNow
      ? Promise.all([
          watchStarts(db, orgId, shared.map(firstOf)),
          noteUsage(db, orgId, { name: 'runs', count: made.length }),
        ])
      : db
          .insert(dispatchQueue)
          .values(queued.map((sourceId) => ({ orgId, kind: 'run' as const, sourceId }))),
  ]);
  return { groups, queued };
}

function firstOf(members: readonly NewRun[]): string {
  return members[0]?.runId ?? '';
}

async function readListening(
  db: Transaction,
  automationId: string,
  room: { orgId: string; maxRunning: number; wanted: number },
) {
  const [row] = await db
    .select({
      version: listeners.version,
      plan: automationVersions.plan,
      grantId: automationVersions.grantId,
      mayStart: hasRoom(room.orgId, room.maxRunning, room.wanted),
    })
    .from(listeners)
    .innerJoin(automationVersions, versionOfListener)
    .where(eq(listeners.automationId, automationId));
  return row;
}

/** Delivery and run of each that had one made before. */
async function findRuns(
  db: Transaction,
  automationId: string,
  deliveryIds: readonly string[],
): Promise<(readonly [string, string])[]> {
  if (deliveryIds.length === 0) return [];
  const rows = await db
    .select({ id: runs.id, deliveryId: runs.sourceId })
    .from(runs)
    .where(
      and(
        eq(runs.automationId, automationId),
        eq(runs.sourceKind, 'delivery'),
        inArray(runs.sourceId, [...deliveryIds]),
      ),
    );
  return rows.map(({ id, deliveryId }) => [deliveryId, id] as const);
}

function isWanted(where: string | undefined, payload: unknown): boolean {
  if (where === undefined) return true;
  try {
    return evaluateTemplates(where, { trigger: payload }) === true;
  } catch (error) {
    // As for a delivery that nobody waits for: what can't be evaluated does not hold.
    if (error instanceof AppError) return false;
    throw error;
  }
}
