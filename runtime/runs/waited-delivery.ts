import { and, eq } from 'drizzle-orm';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, dispatchQueue, listeners, runs } from '#db/schema/index.js';
import { versionOfListener } from '#db/version-joins.js';
import { hasRoom } from '../limits/quota.js';
import { timeOrderedId } from '../outbox.js';
import { type IncomingDelivery, writeDeliveries } from '../write-deliveries.js';
import { readVars } from './read-vars.js';
import type { StartableGroup } from './run-group.js';
import { startOf } from './run-start.js';
import { watchStarts } from './watch-starts.js';
import { runWorkflowId } from './workflow-id.js';

/** A delivery whose sender waits, with the run to wait for. */
export interface WaitedDelivery {
  deliveryId: string;
  /** False for a repeat: then the run is the first one's. */
  isNew: boolean;
  /** Undefined: the trigger's condition does not hold, or nothing listens any more. */
  runId: string | undefined;
  /**
   * The workflow to be started after the commit; the dispatcher starts it should that not happen. Undefined for a run
   * that may have to wait for its turn: then the dispatcher has to be woken.
   */
  start: StartableGroup | undefined;
}

interface WaitedIntake {
  delivery: IncomingDelivery;
  automationId: string;
  /** Of the organization's runs. */
  maxRunning: number;
}

/** Writes a delivery for one automation together with its run, which is in no group with others. */
export async function writeWaitedDelivery(
  db: Transaction,
  files: FileStore,
  { delivery, automationId, maxRunning }: WaitedIntake,
): Promise<WaitedDelivery> {
  const { orgId, payload } = delivery;
  const version = await readListening(db, automationId, maxRunning);
  const hasRun = version !== undefined && isWanted(version.plan.trigger.where, payload);
  const [accepted] = await writeDeliveries(db, files, [{ ...delivery, hasRun }]);
  if (!accepted) throw new AppError('internal', 'A delivery was not written');
  const { deliveryId, isNew } = accepted;
  if (!isNew)
    return { deliveryId, isNew, runId: await findRun(db, automationId, deliveryId), start: undefined };
  if (!hasRun) return { deliveryId, isNew, runId: undefined, start: undefined };
  const runId = timeOrderedId();
  const workflowId = runWorkflowId(orgId, runId);
  const vars = await readVars(db, files, version.plan);
  const { mayStart, ...started } = version;
  const startsNow = mayStart && !version.plan.limits;
  const [start] = await Promise.all([
    startOf(files, version.plan, { runId, depth: 0, payload, vars }),
    db.insert(runs).values({
      orgId,
      id: runId,
      automationId,
      automationVersion: version.version,
      sourceKind: 'delivery',
      sourceId: deliveryId,
      workflowId,
      heldFor: startsNow ? null : 'dispatcher',
    }),
    startsNow
      ? watchStarts(db, orgId, [runId])
      : db.insert(dispatchQueue).values({ orgId, kind: 'run', sourceId: runId }),
  ]);
  return {
    deliveryId,
    isNew,
    runId,
    start: startsNow ? { orgId, workflowId, automationId, ...started, runs: [start] } : undefined,
  };
}

async function readListening(db: Transaction, automationId: string, maxRunning: number) {
  const [row] = await db
    .select({
      version: listeners.version,
      plan: automationVersions.plan,
      grantId: automationVersions.grantId,
      mayStart: hasRoom(maxRunning),
    })
    .from(listeners)
    .innerJoin(automationVersions, versionOfListener)
    .where(eq(listeners.automationId, automationId));
  return row;
}

async function findRun(db: Transaction, automationId: string, deliveryId: string) {
  const [row] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.automationId, automationId),
        eq(runs.sourceKind, 'delivery'),
        eq(runs.sourceId, deliveryId),
      ),
    );
  return row?.id;
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
