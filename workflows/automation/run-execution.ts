import type { CancellationScope } from '@temporalio/workflow';
import type { Incoming, Plan, PlanNode } from '#core/automation/plan.js';
import type { RunGroup, RunStart, SettledStep } from '#core/automation/run.js';
import type { Recorder } from './recorder.js';
import type { RunState } from './run-state.js';
import type { Wakes } from './wakes.js';

/** Walks a graph, or the body of a loop, from one way into it. */
export type Walk = (state: RunState, nodes: readonly PlanNode[], entry?: Incoming) => Promise<void>;

/** One run and what carries it out. */
export interface RunExecution {
  group: RunGroup;
  plan: Plan;
  start: RunStart;
  scope: CancellationScope;
  recorder: Recorder;
  /** How many more passes of loops this workflow may carry; beyond, they go to workflows of their own. */
  passes: { left: number };
  /** Steps outside of loops that an earlier attempt has settled. */
  settled: ReadonlyMap<string, SettledStep>;
  wakes: Wakes;
  /** What may still be at work of walks that were broken off; none rejects. */
  leftovers: Promise<unknown>[];
  walk: Walk;
}
