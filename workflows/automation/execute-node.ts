import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import type { StepData } from '#core/automation/test-run/step-data.js';
import { inlineOf, truthOf } from './evaluated.js';
import { executeAction } from './execute-action.js';
import { executeLoop, executeWhile } from './execute-loop.js';
import { executeRespond } from './execute-respond.js';
import { executeSubflow } from './execute-subflow.js';
import { executeApproval, executeWait } from './execute-wait.js';
import type { RunState } from './run-state.js';
import { StopRun } from './stop-run.js';

type NodeOf<Type extends PlanNode['type']> = Extract<PlanNode, { type: Type }>;

/** Does what a node says. Returns the handle by which the run goes on. */
export async function executeNode(state: RunState, node: PlanNode): Promise<string> {
  if (node.pinned) return givePinned(state, node, node.pinned);
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

function givePinned(state: RunState, node: PlanNode, { status, output, error, way }: StepData): string {
  state.begin(node);
  state.end(node, status, { output, isPinned: true, ...(error && { error }) });
  return way;
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
