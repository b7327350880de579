import type { ValuePath } from '../expression/paths.js';
import type { PlanLimits } from './limits.js';
import type { PlannedNode } from './nodes/index.js';

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
  /** The automation of which a run starts when a run of this one fails for good. */
  onFailure?: string;
  /** How many of its runs may start, and be under way; only the dispatcher reads it. */
  limits?: PlanLimits;
  /** In topological order; what stands in the body of a loop is within that loop. */
  nodes: readonly PlanNode[];
}

export interface Incoming {
  /** A node's id, or `trigger`. */
  source: string;
  handle: string;
}

export interface PlanNodeBase {
  id: string;
  incoming: readonly Incoming[];
  /** Names in scope that its templates start from, such as `trigger`, `steps.task` or `item`. */
  reads: readonly string[];
}

type WithBody = Extract<PlannedNode, { type: 'loop' | 'while' }>;

interface Body {
  /** In topological order. */
  body: readonly PlanNode[];
  /** Names that the templates start from which are evaluated inside the body. */
  bodyReads: readonly string[];
}

export type PlanNode = PlanNodeBase & (Exclude<PlannedNode, WithBody> | (WithBody & Body));

/** The way out of a node that no handle names. */
export const defaultHandle = 'default';

/** Nodes with those in the bodies of loops among them, each right after its loop. */
export function withBodies(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.flatMap((node) => [node, ...('body' in node ? withBodies(node.body) : [])]);
}
