import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { defaultHandle, type Incoming, type PlanNode } from '#core/automation/plan.js';
import { wayOf } from '#core/automation/settled.js';
import { executeNode } from './execute-node.js';
import { StepFailure, stepError } from './failures.js';
import { Leaving } from './leaving.js';
import type { RunState } from './run-state.js';
import { StopRun } from './stop-run.js';

/** The handle by which a node was left; null if it was skipped. */
type Way = string | null;

interface Walking {
  state: RunState;
  ways: Map<string, Promise<Way>>;
  /** Nodes that some join may end before they are done. */
  contested: ReadonlySet<string>;
  /** Those of them that are at work. */
  scopes: Map<string, CancellationScope>;
  /** Nodes that lost against another branch. */
  lost: Set<string>;
}

/**
 * Walks a graph, from one way out of what stands before it: every node starts as soon as what comes before it has
 * settled, so branches run side by side. A node is skipped when none of its incoming edges was taken. Rejects with the
 * first final failure; with `Leaving` when everything stands still because the workflow leaves.
 */
export async function walk(
  state: RunState,
  nodes: readonly PlanNode[],
  entry: Incoming = { source: 'trigger', handle: defaultHandle },
): Promise<void> {
  const ways = new Map<string, Promise<Way>>([[entry.source, Promise.resolve(entry.handle)]]);
  const contested = new Set(nodes.flatMap((node) => (node.type === 'join' ? node.losers : [])));
  const walking: Walking = { state, ways, contested, scopes: new Map(), lost: new Set() };
  for (const node of nodes) ways.set(node.id, settle(walking, node));
  try {
    await Promise.all(ways.values());
  } catch (error) {
    const reason = error instanceof Leaving ? await whyLeft(error, [...ways.values()]) : error;
    if (!(reason instanceof Leaving)) state.leftovers.push(Promise.allSettled(ways.values()));
    throw reason;
  }
}

/** What else happened on one of the ways counts for more. */
async function whyLeft(leaving: Leaving, ways: readonly Promise<Way>[]): Promise<unknown> {
  for (const way of await Promise.allSettled(ways)) {
    if (way.status === 'rejected' && !(way.reason instanceof Leaving)) return way.reason;
  }
  return leaving;
}

async function settle(walking: Walking, node: PlanNode): Promise<Way> {
  const { state, lost } = walking;
  const before = state.settled.get(node.id);
  if (before) {
    if (node.type === 'join' && before.status === 'succeeded') endLosers(walking, node.losers);
    state.restore(before);
    return node.pinned?.way ?? wayOf(node, before);
  }
  const isWanted = (await isReached(node, walking.ways)) && !lost.has(node.id);
  if (!isWanted) {
    state.skip(node);
    return null;
  }
  if (node.type === 'join') endLosers(walking, node.losers);
  else await state.admit(node);
  try {
    return await execute(walking, node);
  } catch (error) {
    if (isCancellation(error) && lost.has(node.id)) {
      state.end(node, 'cancelled');
      return null;
    }
    if (isCancellation(error) || error instanceof StopRun || error instanceof Leaving) throw error;
    return fail(state, node, error);
  }
}

async function execute({ state, contested, scopes }: Walking, node: PlanNode): Promise<Way> {
  if (!contested.has(node.id)) return executeNode(state, node);
  const scope = new CancellationScope();
  scopes.set(node.id, scope);
  try {
    return await scope.run(() => executeNode(state, node));
  } finally {
    scopes.delete(node.id);
  }
}

function endLosers({ scopes, lost }: Walking, losers: readonly string[]): void {
  for (const id of losers) {
    lost.add(id);
    scopes.get(id)?.cancel();
  }
}

async function isReached(node: PlanNode, ways: ReadonlyMap<string, Promise<Way>>): Promise<boolean> {
  const arrivals = node.incoming.map((edge) => isTaken(edge, ways));
  if (node.type !== 'join') return (await Promise.all(arrivals)).some(Boolean);
  if (node.mode === 'all') return (await Promise.all(arrivals)).every(Boolean);
  if (node.mode === 'any') return (await Promise.all(arrivals)).some(Boolean);
  return firstTrue(arrivals);
}

async function isTaken(edge: Incoming, ways: ReadonlyMap<string, Promise<Way>>): Promise<boolean> {
  return (await ways.get(edge.source)) === edge.handle;
}

async function firstTrue(arrivals: readonly Promise<boolean>[]): Promise<boolean> {
  const comes = arrivals.map(async (arrival) => {
    if (!(await arrival)) throw new Error('not taken');
  });
  return Promise.any(comes).then(
    () => true,
    ({ errors }: AggregateError) => {
      const leaving = errors.find((error) => error instanceof Leaving);
      if (leaving) throw leaving;
      return false;
    },
  );
}

function fail(state: RunState, node: PlanNode, error: unknown): Way {
  const record = stepError(error);
  // An action's own activity has written the failed step, unless the failure came before it.
  state.end(node, 'failed', { error: record });
  const onError = 'onError' in node ? node.onError : 'fail';
  if (onError === 'branch') return 'error';
  if (onError === 'continue') return defaultHandle;
  throw new StepFailure(error instanceof StepFailure ? error.nodeId : node.id, record);
}
