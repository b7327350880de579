import { and, desc, eq, inArray } from 'drizzle-orm';
import { ApprovalRequest } from '#core/automation/approval.js';
import { type Plan, type PlanNode, withBodies } from '#core/automation/plan.js';
import { parseDuration } from '#core/duration.js';
import type { Transaction } from '#db/client.js';
import { runSteps, type runs, waits } from '#db/schema/index.js';
import { RunError } from '../run.js';
import { type Explanation, explained } from './explanation.js';

type Run = typeof runs.$inferSelect;

/** What its steps wait for, or try again; undefined if they do neither. */
export async function explainSteps(db: Transaction, run: Run, plan: Plan): Promise<Explanation | undefined> {
  const [[wait], steps] = await Promise.all([
    db
      .select()
      .from(waits)
      .where(and(eq(waits.runId, run.id), eq(waits.status, 'open')))
      .orderBy(desc(waits.createdAt))
      .limit(1),
    db
      .select()
      .from(runSteps)
      .where(and(eq(runSteps.runId, run.id), inArray(runSteps.status, ['waiting', 'running'])))
      .orderBy(desc(runSteps.startedAt))
      .limit(20),
  ]);
  const nodes = new Map(withBodies(plan.nodes).map((node) => [node.id, node]));
  const failing = steps.find(({ error }) => error !== null);
  if (failing) return explainRetry(failing);
  if (wait) return explainWait(wait);
  const resting = steps.find(({ status }) => status === 'waiting');
  return resting && explainTime(resting, nodes.get(resting.nodeId));
}

function explainRetry({
  nodeId: node,
  attempts,
  error: recorded,
}: typeof runSteps.$inferSelect): Explanation {
  const error = RunError.parse(recorded);
  const message = `Step ${node} has failed ${attempts} times and is tried again: ${error.message}`;
  return explained('retrying', message, { node, attempts, error });
}

function explainWait({
  kind,
  nodeId: node,
  topic,
  request,
  expiresAt,
}: typeof waits.$inferSelect): Explanation {
  const until = expiresAt === null ? null : new Date(expiresAt).toISOString();
  if (kind === 'run') {
    const runId = topic?.slice('run:'.length) ?? '';
    return explained('subflow', `Step ${node} waits for the end of run ${runId}`, {
      node,
      until,
      runs: [runId],
    });
  }
  if (kind === 'event') {
    return explained('event', `Step ${node} waits for ${topic?.slice('event:'.length)}`, { node, until });
  }
  const { title, approvers } = ApprovalRequest.parse(request);
  const { users, roles, needed } = approvers;
  const message = `Step ${node} waits for ${needed} to approve: ${title}`;
  return explained('approval', message, { node, until, users, roles });
}

function explainTime(
  { nodeId: node, startedAt }: typeof runSteps.$inferSelect,
  planned: PlanNode | undefined,
): Explanation {
  const endsAt =
    planned?.type === 'wait' && startedAt !== null ? endOf(planned, Date.parse(startedAt)) : Number.NaN;
  const until = Number.isNaN(endsAt) ? null : new Date(endsAt).toISOString();
  return explained('time', `Step ${node} waits${until === null ? ' for a time' : ` until ${until}`}`, {
    node,
    until,
  });
}

/** Known of a wait whose time stands in the definition. */
function endOf({ duration, until }: { duration?: unknown; until?: unknown }, beganMs: number): number {
  if (typeof until === 'string') return Date.parse(until);
  return typeof duration === 'string' ? beganMs + (parseDuration(duration) ?? Number.NaN) : Number.NaN;
}
