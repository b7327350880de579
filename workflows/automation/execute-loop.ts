import type { WindowLeft, WindowOutcome } from '#core/automation/checkpoint.js';
import { bodyHandle, doneHandle, maxLoopItems } from '#core/automation/loops.js';
import { type PlanNode, withBodies } from '#core/automation/plan.js';
import { AppError } from '#core/errors.js';
import { truthOf } from './evaluated.js';
import { openItems } from './items.js';
import { isLeavingDue, Leaving, standStill } from './leaving.js';
import { runWindowElsewhere } from './loop-elsewhere.js';
import { lightLoop, loopOutput } from './loop-output.js';
import { runWindow, type Window } from './loop-window.js';
import { passOf, type RunState } from './run-state.js';
import { settledInPass } from './take-up.js';

type NodeOf<Type extends PlanNode['type']> = Extract<PlanNode, { type: Type }>;

/** Steps of the body, all items together, that one window has about. */
const windowSteps = 2_000;
const smallestWindow = 100;
const largestWindow = 1_000;

/** Items that are worked through before the loop looks up: what one workflow of its own carries. */
function windowSizeOf({ body }: NodeOf<'loop'>): number {
  const size = Math.floor(windowSteps / Math.max(1, withBodies(body).length));
  return Math.max(smallestWindow, Math.min(largestWindow, size));
}

/**
 * Works through the items window by window. What fits goes on in this workflow; the windows of a long list are
 * workflows of their own, so that neither history nor memory grows with the list.
 */
export async function executeLoop(state: RunState, node: NodeOf<'loop'>): Promise<string> {
  state.begin(node);
  const left = state.taken(node, 'loop');
  const list = await state.evaluate(node, node.items);
  const items = await openItems(state.group.orgId, { list, offset: 0 });
  if (items.total > maxLoopItems) {
    throw new AppError('limit_exceeded', `A loop takes ${maxLoopItems} items, and these are ${items.total}`);
  }
  const done: WindowOutcome[] = [...(left?.done ?? [])];
  const first = left?.from ?? 0;
  const windowSize = windowSizeOf(node);
  for (let from = first; from < items.total; from += windowSize) {
    const window = { items, from, to: Math.min(items.total, from + windowSize) };
    const taken = from === first ? left?.window : undefined;
    let windowLeft: WindowLeft | null = null;
    const work = async () => {
      if (!taken && isLeavingDue()) await standStill();
      if (!taken && !isHere(state, window, windowSize)) return runWindowElsewhere(state, node, window);
      return runWindow(state, node, window, (now) => (windowLeft = now), taken ?? undefined);
    };
    const leave = async () => {
      const { orgId } = state.group;
      return { kind: 'loop', from, ...(await lightLoop(orgId, done, windowLeft)) } as const;
    };
    done.push(...(await state.leavingBehind(node, leave, work)));
  }
  state.end(node, 'succeeded', { output: await loopOutput(state, node, items.total, done) });
  return doneHandle;
}

/** True for a window of a short list, as long as this workflow can carry its passes. */
function isHere({ passes }: RunState, { items, from, to }: Window, windowSize: number): boolean {
  if (items.total > windowSize || passes.left < to - from) return false;
  passes.left -= to - from;
  return true;
}

/** Repeats the body while the condition holds; the condition sees the steps of the pass before. */
export async function executeWhile(state: RunState, node: NodeOf<'while'>): Promise<string> {
  state.begin(node);
  const taken = state.taken(node, 'while');
  let last = state.within(node, { index: 0 });
  for (let index = taken?.index ?? 0; ; index += 1) {
    const isTaken = index === taken?.index;
    if (!isTaken && !truthOf(await last.evaluate(node, node.condition, node.bodyReads), 'input.condition')) {
      state.end(node, 'succeeded', { output: { inline: { count: index } } });
      return doneHandle;
    }
    if (index >= node.maxRounds) {
      throw new AppError('conflict', `The condition still holds after ${node.maxRounds} rounds`);
    }
    const settled = isTaken ? await settledInPass(state, passOf(state.iteration, index)) : new Map();
    const pass = state.within(node, { index, settled });
    try {
      const work = () => pass.walk(pass, node.body, { source: node.id, handle: bodyHandle });
      await state.leavingBehind(node, () => ({ kind: 'while', index }), work);
    } catch (error) {
      if (!(error instanceof Leaving)) pass.recordUntouched('failed');
      throw error;
    }
    last = state.within(node, { index: index + 1 }, pass);
  }
}
