import type { CancellationScope } from '@temporalio/workflow';
import type { StepLeft } from '#core/automation/checkpoint.js';
import type { Incoming, Plan, PlanNode } from '#core/automation/plan.js';
import type { RunGroup, RunStart } from '#core/automation/run.js';
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
  /** Steps that were under way when the workflow left, by place. */
  leftSteps: Map<string, StepLeft>;
  /** True while the run is to be cancelled as soon as what was under way is taken up: nothing else shall begin. */
  isHeld(): boolean;
  wakes: Wakes;
  /** What may still be at work of walks that were broken off; none rejects. */
  leftovers: Promise<unknown>[];
  walk: Walk;
}
