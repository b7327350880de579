import type { ValuePath } from '../expression/paths.js';
import type { PlanLimits } from './limits.js';
import type { PlannedNode } from './nodes/index.js';
import type { PackedValue } from './packed-value.js';
import type { StepData } from './test-run/step-data.js';

/** An automation as the engine runs it: validated, sorted, with everything derived that a run would derive again. */
export interface Plan {
  format: 1;
  trigger: {
    /** Parts of the trigger that some node reads; nothing else of it enters a run. */
    uses: readonly ValuePath[];
    /** Only what this template is true for starts a run. */
    where: string | undefined;
    /** Of the trigger `error`: the automations whose failures start a run; all others if the list is empty. */
    failuresOf?: readonly string[];
  };
  /** Nothing but short transactions and pure nodes, so that several runs may share one workflow. */
  isLight: boolean;
  /**
   * Local activities end in no recorded order. They are used where nothing else can end beside them (timers, signals,
   * regular activities, child workflows), so that a run goes the same way when its history is replayed.
   */
  usesLocalActivities: boolean;
  timeoutMs: number | undefined;
  /** Names of the variables that its expressions read; absent where they read none. */
  vars?: readonly string[];
  /** The automation of which a run starts when a run of this one fails for good. */
  onFailure?: string;
  /** Of one step in the body of a loop, tested alone: the pass that it is in. */
  pass?: { loop: string; item?: PackedValue; index?: number };
  /** When its owner is told by mail that a run failed; `first` unless given. */
  failureNotice?: 'first' | 'every' | 'none';
  /** How many of its runs may start, and be under way; only the dispatcher reads it. */
  limits?: PlanLimits;
  /** In topological order; what stands in the body of a loop is within that loop. */
  nodes: readonly PlanNode[];
  /** What undoes steps, by the step. */
  compensations: Readonly<Record<string, readonly PlanNode[]>>;
  /** Steps are undone when the run is cancelled, and with true when it fails for good as well. */
  undoesFailed: boolean;
}

export interface Incoming {
  /** A node's id, or `trigger`. */
  source: string;
  handle: string;
}

export interface PlanNodeBase {
  id: string;
  incoming: readonly Incoming[];
  /** In a test run: what it gives instead of being performed. */
  pinned?: StepData;
  /** Names in scope that its templates start from, such as `trigger`, `steps.task` or `item`. */
  reads: readonly string[];
}

type Action = Extract<PlannedNode, { type: 'action' }>;

interface Chained {
  /**
   * Actions that surely follow, each upon the success of the one before, and are as short: one activity carries them
   * out too, as far as they succeed at once.
   */
  leadsTo: readonly string[];
}

type WithBody = Extract<PlannedNode, { type: 'loop' | 'while' }>;

interface Body {
  /** In topological order. */
  body: readonly PlanNode[];
  /** Names that the templates start from which are evaluated inside the body. */
  bodyReads: readonly string[];
}

export type PlanNode = PlanNodeBase &
  (Exclude<PlannedNode, Action | WithBody> | (Action & Chained) | (WithBody & Body));

/** The way out of a node that no handle names. */
export const defaultHandle = 'default';

/** The way to what undoes a step that had succeeded, when its run is given up. */
export const compensateHandle = 'compensate';

/** Every node of a plan, with those in the bodies of loops and those that undo steps. */
export function everyNode({ nodes, compensations }: Plan): PlanNode[] {
  return withBodies([...nodes, ...Object.values(compensations).flat()]);
}

/** Nodes with those in the bodies of loops among them, each right after its loop. */
export function withBodies(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.flatMap((node) => [node, ...('body' in node ? withBodies(node.body) : [])]);
}
