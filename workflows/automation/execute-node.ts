import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import { performActionOf } from './activities.js';
import { inlineOf, truthOf } from './evaluated.js';
import { executeLoop, executeWhile } from './execute-loop.js';
import { executeRespond } from './execute-respond.js';
import { executeSubflow } from './execute-subflow.js';
import { executeApproval, executeWait } from './execute-wait.js';
import type { RunState } from './run-state.js';
import { StopRun } from './stop-run.js';

type NodeOf<Type extends PlanNode['type']> = Extract<PlanNode, { type: Type }>;

/** Does what a node says. Returns the handle by which the run goes on. */
export async function executeNode(state: RunState, node: PlanNode): Promise<string> {
  switch (node.type) {
    case 'action':
      return executeAction(state, node);
    case 'if':
      return executeIf(state, node);
    case 'switch':
      return executeSwitch(state, node);
    case 'set': {
      state.begin(node);
      state.end(node, 'succeeded', { output: await state.evaluate(node, node.values) });
      return defaultHandle;
    }
    case 'data': {
      state.begin(node);
      state.end(node, 'succeeded', { output: await state.operate(node, node.operation) });
      return defaultHandle;
    }
    case 'join':
      state.begin(node);
      state.end(node, 'succeeded');
      return defaultHandle;
    case 'wait':
      return executeWait(state, node);
    case 'approval':
      return executeApproval(state, node);
    case 'stop':
      return executeStop(state, node);
    case 'respond':
      return executeRespond(state, node);
    case 'loop':
      return executeLoop(state, node);
    case 'subflow':
      return executeSubflow(state, node);
    case 'while':
      return executeWhile(state, node);
  }
}

async function executeAction(state: RunState, node: NodeOf<'action'>): Promise<string> {
  const { group, start } = state;
  state.begin(node);
  const input = await state.evaluate(node, node.input);
  const ending = state.endingWith(node, input);
  const performing = performActionOf(node)({
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
  });
  const output = await performing.catch((error: unknown) => {
    for (const change of ending ?? []) state.recorder.step(change);
    throw error;
  });
  state.isRecorded = ending !== null;
  state.end(node, 'succeeded', { output, isRecorded: true });
  return defaultHandle;
}

async function executeIf(state: RunState, node: NodeOf<'if'>): Promise<string> {
  state.begin(node);
  const result = truthOf(await state.evaluate(node, node.condition), 'input.condition');
  state.end(node, 'succeeded', { output: { inline: { result } } });
  return String(result);
}

async function executeSwitch(state: RunState, node: NodeOf<'switch'>): Promise<string> {
  state.begin(node);
  for (const { name, when } of node.cases) {
    if (!truthOf(await state.evaluate(node, when), `input.cases.${name}.when`)) continue;
    state.end(node, 'succeeded', { output: { inline: { case: name } } });
    return name;
  }
  state.end(node, 'succeeded', { output: { inline: { case: defaultHandle } } });
  return defaultHandle;
}

async function executeStop(state: RunState, node: NodeOf<'stop'>): Promise<string> {
  state.begin(node);
  const message = node.message === undefined ? undefined : inlineOf(await state.evaluate(node, node.message));
  const output = node.output === undefined ? undefined : await state.evaluate(node, node.output);
  state.end(node, 'succeeded', output === undefined ? {} : { output });
  throw new StopRun(
    node.status,
    typeof message === 'string' ? message : 'The automation stopped here',
    output,
  );
}
