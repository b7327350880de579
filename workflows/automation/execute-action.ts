import type { ActionsAhead } from '#activities/automation-activities.js';
import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import { defaultHandle, everyNode, type PlanNode } from '#core/automation/plan.js';
import { performActionOf } from './activities.js';
import type { RunState } from './run-state.js';

type ActionNode = Extract<PlanNode, { type: 'action' }>;

/**
 * Performs an action, and with it those that surely follow, as far as they succeed at once: what one of them could not
 * do is left to its own activity.
 */
export async function executeAction(state: RunState, node: ActionNode): Promise<string> {
  state.begin(node);
  const output = state.takeAhead(node.id) ?? (await performWithFollowers(state, node));
  state.end(node, 'succeeded', { output, isRecorded: true });
  return defaultHandle;
}

async function performWithFollowers(state: RunState, node: ActionNode): Promise<PackedValue> {
  const { group, start } = state;
  const input = await state.evaluate(node, node.input);
  const ahead = actionsAhead(state, node);
  const followers = ahead?.steps.map(({ nodeId }) => nodeId) ?? [];
  const ending = state.endingWith([node.id, ...followers], jsonSize([input, ahead]));
  const timeoutMs = [node, ...(ahead?.steps ?? [])].reduce((sum, step) => sum + step.timeoutMs, 0);
  const performing = performActionOf({ ...node, timeoutMs })({
    orgId: group.orgId,
    automationId: group.automationId,
    grantId: group.grantId,
    runId: start.runId,
    nodeId: node.id,
    iteration: state.iteration,
    depth: start.depth,
    ...(start.attempt !== undefined && { attempt: start.attempt }),
    action: node.action,
    connection: node.connection,
    input,
    keep: node.keep,
    maxAttempts: node.retry.attempts,
    timeoutMs: node.timeoutMs,
    ending,
    ...(ahead && { ahead }),
  });
  const performed = await performing.catch((error: unknown) => {
    for (const change of ending ?? []) state.recorder.step(change);
    throw error;
  });
  const isWhole = performed.ahead.length === followers.length;
  for (const { nodeId, output } of performed.ahead) state.keepAhead(nodeId, output);
  if (!isWhole) for (const change of ending ?? []) state.recorder.step(change);
  state.isRecorded = ending !== null && isWhole;
  return performed.output;
}

/** What the activity of a node may carry out after its own action; undefined where that is nothing, or too much. */
function actionsAhead(state: RunState, node: ActionNode): ActionsAhead | undefined {
  const followers = followersOf(state, node);
  if (followers.length === 0) return undefined;
  const scope = state.inlineScopeOf(new Set(followers.flatMap(({ reads }) => reads)));
  if (!scope) return undefined;
  const steps = followers.map((follower) => ({
    nodeId: follower.id,
    action: follower.action,
    templates: follower.input,
    fixed: follower.fixed,
    keep: follower.keep,
    maxAttempts: follower.retry.attempts,
    timeoutMs: follower.timeoutMs,
  }));
  const ahead = { scope, steps };
  return jsonSize(ahead) <= maxInlineSize / 2 ? ahead : undefined;
}

function followersOf({ plan, settled }: RunState, { leadsTo }: ActionNode): ActionNode[] {
  if (leadsTo.length === 0) return [];
  const nodes = new Map(everyNode(plan).map((one) => [one.id, one]));
  const followers: ActionNode[] = [];
  for (const id of leadsTo) {
    const follower = nodes.get(id);
    const isDone = follower?.pinned || settled.has(id);
    if (follower?.type !== 'action' || isDone) break;
    followers.push(follower);
  }
  return followers;
}
