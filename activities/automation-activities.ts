import type { ApprovalNotice } from '#core/automation/approval.js';
import type { DataOperation } from '#core/automation/data/data-operation.js';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { Iteration, Progress, SettledStep, StepChange } from '#core/automation/run.js';
import type { RunWaitOpening, WaitEnd, WaitOpening } from '#core/automation/wait.js';
import type { Scope } from '#core/expression/evaluate.js';
import type { ValuePath } from '#core/expression/paths.js';
import type { Perform } from '#runtime/perform/perform.js';
import type { Services } from '#runtime/services.js';
import { createEvaluate } from './evaluate.js';
import { createListActivities } from './lists.js';
import { createLoadPlan } from './load-plan.js';
import { createPerformAction } from './perform-action.js';
import { createReadSettled } from './read-settled.js';
import { createRecordProgress } from './record-progress.js';
import { createWaitActivities } from './waits.js';

/** One action step of a run. Everything that decides what may happen is looked up by id, at the time. */
export interface ActionStep {
  orgId: string;
  automationId: string;
  grantId: string;
  runId: string;
  nodeId: string;
  iteration: Iteration;
  depth: number;
  /** Of the run, where it is not its first. */
  attempt?: number;
  action: string;
  connection: string | undefined;
  input: PackedValue;
  /** Parts of the output that the run needs further on. */
  keep: readonly ValuePath[];
  /** Attempts after which an error is final. */
  maxAttempts: number;
  timeoutMs: number;
  /** Set where the run ends with this step, or with the last one ahead: the run has succeeded then, and these steps are written with it. */
  ending: readonly StepChange[] | null;
  /** What surely follows. */
  ahead?: ActionsAhead;
  /** Set for a step that does not end with the action: what it has to be told apart by from other calls of the step. */
  call?: string;
}

/** What expressions see, with every value at hand. */
export type InlineScope = Scope & { readonly steps: Readonly<Record<string, unknown>> };

/** Actions that follow a step, each upon the success of the one before. */
export interface ActionsAhead {
  steps: readonly ActionAhead[];
  /** What their templates see, but for the outputs that come with them. */
  scope: InlineScope;
}

export interface ActionAhead
  extends Pick<ActionStep, 'nodeId' | 'action' | 'keep' | 'maxAttempts' | 'timeoutMs'> {
  /** Of its input. */
  templates: unknown;
  /** Fields that are added to the input as they stand. */
  fixed: Readonly<Record<string, unknown>> | null;
}

export interface PerformedAction {
  output: PackedValue;
  /** Of the steps ahead, as far as they succeeded at once. */
  ahead: readonly { nodeId: string; output: PackedValue }[];
}

/** Templates whose scope, or whose result, is too large for the workflow itself. */
export interface EvaluateRequest {
  orgId: string;
  nodeId: string;
  templates: unknown;
  /** Fields that are added to the result as they stand. */
  fixed: Readonly<Record<string, unknown>> | null;
  /** Set for a data node, whose templates are in it. */
  operation?: DataOperation;
  scope: ScopeValues;
}

/** What expressions see; large values by reference. */
export interface ScopeValues {
  trigger: PackedValue;
  steps: Record<string, StepValue>;
  run: unknown;
  org: unknown;
  /** Variables by name. */
  vars?: PackedValue;
  /** Inside of loops: the innermost one's item and its place in the list. */
  item?: PackedValue;
  index?: number;
}

export interface StepValue {
  status: string;
  output: PackedValue;
  error: unknown;
  /** Of a loop around the expression. */
  item?: PackedValue;
  index?: number;
}

/** What a loop made of its items, before it becomes the loop's output. */
export interface LoopOutcome {
  orgId: string;
  count: number;
  succeeded: number;
  failed: number;
  /** Lists, one after the other; null when the loop has no result for its items. */
  results: readonly PackedValue[] | null;
  errors: readonly PackedValue[];
}

export interface ItemsRead {
  /** As many as fit into one payload, at least one. */
  items: readonly PackedValue[];
  total: number;
}

export interface SettledRequest {
  orgId: string;
  runId: string;
  iteration: Iteration;
  isContinued: boolean;
  after: string | null;
}

export interface SettledPage {
  steps: readonly SettledStep[];
  isLast: boolean;
}

export interface JoinRequest {
  orgId: string;
  values: readonly PackedValue[];
  /** The values are lists, and their items are what is joined. */
  areLists?: boolean;
  /** The list is part of a longer one: it is kept by reference, however small. */
  isPart?: boolean;
}

export interface AutomationActivities {
  /** Performs one action and records its step with it; then those ahead, until one does not succeed. */
  performAction(step: ActionStep): Promise<PerformedAction>;
  /** Evaluates templates, or does what a data node says, outside the workflow, where large values can be read. */
  evaluate(request: EvaluateRequest): Promise<PackedValue>;
  /** Keeps a value by reference, however small. */
  storeValue(request: { orgId: string; value: unknown }): Promise<PackedValue>;
  /** Some items of a list that is kept by reference, and how many it has. Throws `validation` if it is no list. */
  readItems(request: { orgId: string; list: PackedValue; from: number; limit: number }): Promise<ItemsRead>;
  /** Puts packed values into one list. */
  joinValues(request: JoinRequest): Promise<PackedValue>;
  /** The output of a loop, from the lists that its windows left. */
  composeLoopOutput(outcome: LoopOutcome): Promise<PackedValue>;
  /** Writes what happened inside the workflow: steps that need no activity, states of runs. */
  recordProgress(progress: Progress): Promise<void>;
  /** Tells the database what a step waits for, once, and whether it has been answered or has ended already. */
  openWait(opening: WaitOpening): Promise<{ waitId: string; isOver: boolean }>;
  /** Reminds those who have not decided an approval, or asks more people; nothing if it has ended or this was done. */
  noticeApproval(notice: { orgId: string; waitId: string; notice: ApprovalNotice }): Promise<void>;
  /** Tells the database that a step waits for another run, and whether that has ended already. */
  openRunWait(opening: RunWaitOpening): Promise<{ waitId: string; isOver: boolean }>;
  /** Ends a wait, unless it has been answered; takes the answer if it has. Cancels a run that is no longer waited for. */
  closeWait(wait: { orgId: string; waitId: string; as: 'expired' | 'cancelled' }): Promise<WaitEnd>;
  /**
   * What a run has settled in one pass, or outside of loops, in pages; `after` is the node that the last one ended with.
   * With `isContinued` also what was skipped or cancelled.
   */
  readSettled(page: SettledRequest): Promise<SettledPage>;
  /** One part of a published version's plan, as JSON text. */
  loadPlan(part: { orgId: string; automationId: string; version: number; part: number }): Promise<string>;
}

/** The activities of the automation workflow over a process's services. */
export function createAutomationActivities(services: Services, perform: Perform): AutomationActivities {
  return {
    performAction: createPerformAction(services, perform),
    ...createEvaluate(services),
    ...createListActivities(services),
    recordProgress: createRecordProgress(services),
    ...createWaitActivities(services),
    readSettled: createReadSettled(services),
    loadPlan: createLoadPlan(services),
  };
}
