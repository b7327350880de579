import { bodyHandle, doneHandle, maxLoopItems } from '#core/automation/loops.js';
import type { PlanNode } from '#core/automation/plan.js';
import { AppError } from '#core/errors.js';
import { truthOf } from './evaluated.js';
import { openItems } from './items.js';
import { runWindowElsewhere } from './loop-elsewhere.js';
import { loopOutput } from './loop-output.js';
import { runWindow, type WindowOutcome } from './loop-window.js';
import type { RunState } from './run-state.js';

type NodeOf<Type extends PlanNode['type']> = Extract<PlanNode, { type: Type }>;

/** Items that are worked through before the loop looks up: what one workflow of its own carries. */
const windowSize = 500;

/**
 * Works through the items window by window. What fits goes on in this workflow; the windows of a long list are
 * workflows of their own, so that neither history nor memory grows with the list.
 */
export async function executeLoop(state: RunState, node: NodeOf<'loop'>): Promise<string> {
  state.begin(node);
  const list = await state.evaluate(node, node.items);
  const items = await openItems(state.group.orgId, { list, offset: 0 });
  if (items.total > maxLoopItems) {
    throw new AppError('limit_exceeded', `A loop takes ${maxLoopItems} items, and these are ${items.total}`);
  }
  const windows: WindowOutcome[] = [];
  for (let from = 0; from < items.total; from += windowSize) {
    const to = Math.min(items.total, from + windowSize);
    const isHere = items.total <= windowSize && state.passes.left >= to - from;
    if (isHere) state.passes.left -= to - from;
    const window = { items, from, to };
    windows.push(await (isHere ? runWindow(state, node, window) : runWindowElsewhere(state, node, window)));
  }
  state.end(node, 'succeeded', { output: await loopOutput(state, node, items.total, windows) });
  return doneHandle;
}

/** Repeats the body while the condition holds; the condition sees the steps of the pass before. */
export async function executeWhile(state: RunState, node: NodeOf<'while'>): Promise<string> {
  state.begin(node);
  let last = state.within(node, { index: 0 });
  for (let index = 0; ; index += 1) {
    if (!truthOf(await last.evaluate(node, node.condition, node.bodyReads), 'input.condition')) {
      state.end(node, 'succeeded', { output: { inline: { count: index } } });
      return doneHandle;
    }
    if (index >= node.maxRounds) {
      throw new AppError('conflict', `The condition still holds after ${node.maxRounds} rounds`);
    }
    const pass = state.within(node, { index });
    try {
      await pass.walk(pass, node.body, { source: node.id, handle: bodyHandle });
    } finally {
      pass.recordUntouched('failed');
    }
    last = state.within(node, { index: index + 1 }, pass);
  }
}
