import type {
  EvaluateRequest,
  InlineScope,
  ScopeValues,
  StepValue,
} from '#activities/automation-activities.js';
import { placeOf, type StepLeft } from '#core/automation/checkpoint.js';
import type { DataOperation } from '#core/automation/data/data-operation.js';
import { operate } from '#core/automation/data/operate.js';
import { isReference, jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { Plan, PlanNode } from '#core/automation/plan.js';
import type { Iteration, SettledStep, StepChange, StepStatus } from '#core/automation/run.js';
import { AppError, type ErrorRecord } from '#core/errors.js';
import { evaluateTemplates, type Scope } from '#core/expression/evaluate.js';
import { withFixed } from '#core/expression/with-fixed.js';
import { evaluate } from './activities.js';
import { isLeavingDue, Leaving, noteProgress, standStill } from './leaving.js';
import { evaluateHere, isLongAtWork } from './long-work.js';
import type { RunExecution } from './run-execution.js';
import type { SettledSteps } from './take-up.js';

interface StepState {
  status: StepStatus;
  startedAt: number;
  output: PackedValue;
  error: ErrorRecord | null;
  pinned?: true;
}

/** One pass through the body of a loop. */
export interface Pass {
  index: number;
  item?: PackedValue;
  /** What it had settled before the workflow went on as a new one. */
  settled?: SettledSteps;
}

/** What was under way of a step of one kind. */
type LeftOf<Kind extends StepLeft['kind']> = Extract<StepLeft, { kind: Kind }>;

/** What one run knows: its steps so far, and what expressions may see of them. Within a loop, one pass of it. */
export interface RunState extends RunExecution {
  readonly iteration: Iteration;
  /** Steps that need not be done again. */
  readonly settled: SettledSteps;
  /** Lets a step begin; while the workflow is about to leave, none does. Throws `Leaving` then. */
  admit(node: PlanNode): Promise<void> | undefined;
  /** What was under way of a step before the workflow went on as a new one. */
  taken<Kind extends StepLeft['kind']>(node: PlanNode, kind: Kind): LeftOf<Kind> | undefined;
  /** Does a part of a step; should the workflow leave meanwhile, `left` tells what the step takes along. */
  leavingBehind<Result>(
    node: PlanNode,
    left: () => StepLeft | Promise<StepLeft>,
    work: () => Promise<Result>,
  ): Promise<Result>;
  begin(node: PlanNode, status?: StepStatus): void;
  /** Ends a step. Steps whose activity wrote its own record are not written again. */
  end(
    node: PlanNode,
    status: StepStatus,
    details?: { output?: PackedValue; error?: ErrorRecord; isRecorded?: boolean; isPinned?: boolean },
  ): void;
  skip(node: PlanNode): void;
  /**
   * Ends the run but for what undoes its steps, which nothing keeps from beginning any more. Returns the steps that were
   * performed and have succeeded, the last one first.
   */
  giveUp(): string[];
  /** Takes over what an earlier attempt of the run has settled. */
  restore(step: SettledStep): void;
  /** Evaluates templates of a node in the workflow, or outside when a value in scope is large. `names`: the node's reads. */
  evaluate(node: PlanNode, templates: unknown, names?: readonly string[]): Promise<PackedValue>;
  /** Does what a data node says, in the workflow or outside as `evaluate` does. */
  operate(node: PlanNode, operation: DataOperation): Promise<PackedValue>;
  /** What expressions see that start from these names. */
  scopeOf(names: readonly string[]): ScopeValues;
  /** The same as expressions read it; undefined if some value of it is not at hand. */
  inlineScopeOf(names: ReadonlySet<string>): InlineScope | undefined;
  /** True if the run ends when these nodes succeed. */
  isEnd(nodes: readonly string[]): boolean;
  /**
   * If the run ends when these nodes succeed: the steps not yet written, to be written with the last of them. Else null.
   * `size`: bytes of what travels with them.
   */
  endingWith(nodes: readonly string[], size: number): StepChange[] | null;
  /** Keeps the output of an action that has been performed before its turn. */
  keepAhead(nodeId: string, output: PackedValue): void;
  /** That output, once; undefined if the action was not performed yet. */
  takeAhead(nodeId: string): PackedValue | undefined;
  /** True once a step has been performed that ended the run in its own transaction. */
  isRecorded: boolean;
  /** At the end of run or pass: steps that were under way, and of a run those that were never reached. */
  recordUntouched(runStatus: string): void;
  /** The state of one pass through the node's body. `before`: a pass whose steps are still to be seen. */
  within(node: PlanNode, pass: Pass, before?: RunState): RunState;
}

const nothing: PackedValue = { inline: null };

/** Where a state stands: outside of loops, or in one pass of one. */
interface Place {
  iteration: Iteration;
  settled: SettledSteps;
  steps: Map<string, StepState>;
  /** What is seen of the world around: the pass's loop, and everything beyond it. */
  lookUp(id: string): StepValue | undefined;
  item?: PackedValue | undefined;
  index?: number | undefined;
}

/** The state of a run at its start; `outer` is what a part of a run sees that was carried over to another workflow. */
export function createRunState(execution: RunExecution, { settled, startedAt, outer }: StateStart): RunState {
  const { group, start } = execution;
  const { pass } = execution.plan;
  const run = outer?.run ?? {
    id: start.runId,
    automationId: group.automationId,
    version: group.version,
    startedAt,
  };
  const trigger = outer?.trigger ?? start.trigger;
  const vars = outer?.vars ?? start.vars;
  const scope = { trigger, run, org: { id: group.orgId }, ...(vars && { vars }) };
  return stateAt(execution, scope, {
    iteration: outer?.iteration ?? '',
    settled,
    steps: new Map(),
    lookUp: (id) => outer?.steps[id] ?? givenPass(pass, id),
    item: outer?.item ?? pass?.item,
    index: outer?.index ?? pass?.index,
  });
}

/** What a step that is tested alone sees of the loop around it. */
function givenPass(pass: Plan['pass'], id: string): StepValue | undefined {
  if (pass?.loop !== id) return undefined;
  const { item, index } = pass;
  const seen = { ...(item && { item }), ...(index !== undefined && { index }) };
  return { status: 'running', output: nothing, error: null, ...seen };
}

interface StateStart {
  settled: SettledSteps;
  /** ISO 8601. */
  startedAt: string;
  outer?: ScopeValues & { iteration: Iteration };
}

function stateAt(
  execution: RunExecution,
  { vars, ...base }: Pick<ScopeValues, 'trigger' | 'run' | 'org' | 'vars'>,
  place: Place,
): RunState {
  const { group, plan, start, recorder } = execution;
  const { runId } = start;
  const { iteration, steps } = place;
  const ahead = new Map<string, PackedValue>();
  const succeeded: string[] = [];
  let isGivenUp = false;

  function record(nodeId: string, state: StepState, finishedAt: number | null): void {
    const { status, startedAt } = state;
    const change: StepChange = { runId, nodeId, iteration, status, startedAt, finishedAt };
    if (finishedAt !== null) change.output = state.output;
    if (state.error) change.error = state.error;
    if (state.pinned) change.pinned = true;
    recorder.step(change);
  }

  function recordSkipped(nodeId: string): void {
    recorder.step({ runId, nodeId, iteration, status: 'skipped', startedAt: null, finishedAt: null });
  }

  function isEnd(nodes: readonly string[]): boolean {
    const isPart = (id: string) => plan.nodes.some((node) => node.id === id);
    if (iteration !== '' || !nodes.every(isPart)) return false;
    return plan.nodes.every(({ id }) => nodes.includes(id) || isSettled(steps.get(id)?.status));
  }

  function lookUp(id: string): StepValue | undefined {
    const state = steps.get(id);
    return state ? { status: state.status, output: state.output, error: state.error } : place.lookUp(id);
  }

  function scopeOf(names: readonly string[]): ScopeValues {
    const scope: ScopeValues = {
      ...base,
      trigger: names.includes('trigger') ? base.trigger : nothing,
      steps: {},
    };
    for (const name of names) {
      const id = name.startsWith('steps.') ? name.slice('steps.'.length) : undefined;
      if (id !== undefined)
        scope.steps[id] = lookUp(id) ?? { status: 'skipped', output: nothing, error: null };
    }
    if (names.includes('vars') && vars) scope.vars = vars;
    if (names.includes('item') && place.item) scope.item = place.item;
    if (place.index !== undefined) scope.index = place.index;
    return scope;
  }

  /** What a node computes: here, or by the activity when a value in scope is not at hand. */
  async function computed(
    node: PlanNode,
    names: readonly string[],
    work: Pick<EvaluateRequest, 'templates' | 'fixed' | 'operation'>,
    compute: (scope: Scope) => unknown,
  ): Promise<PackedValue> {
    const values = scopeOf(names);
    const scope = inlineScope(values);
    const computeThere = () => evaluate({ orgId: group.orgId, nodeId: node.id, ...work, scope: values });
    if (!scope || isLongAtWork()) return computeThere();
    const value = computeNow(node, () => compute(scope));
    // A large one is computed once more there: as it is, it might be too large for the history.
    return jsonSize(value) <= maxInlineSize ? { inline: value } : computeThere();
  }

  return {
    ...execution,
    iteration,
    settled: place.settled,
    admit(node) {
      const isUnderWay = start.left?.steps[placeOf(node.id, iteration)] !== undefined;
      if (isUnderWay || isGivenUp || ahead.has(node.id)) return undefined;
      return isLeavingDue() || execution.isHeld() ? standStill() : undefined;
    },
    taken(node, kind) {
      const left = start.left?.steps[placeOf(node.id, iteration)];
      return left?.kind === kind ? (left as LeftOf<typeof kind>) : undefined;
    },
    async leavingBehind(node, left, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Leaving) execution.leftSteps.set(placeOf(node.id, iteration), await left());
        throw error;
      }
    },
    scopeOf,
    isRecorded: false,
    isEnd,
    inlineScopeOf: (names) => inlineScope(scopeOf([...names])),
    keepAhead(nodeId, output) {
      ahead.set(nodeId, output);
    },
    takeAhead(nodeId) {
      const output = ahead.get(nodeId);
      ahead.delete(nodeId);
      return output;
    },
    endingWith(nodes, size) {
      if (!isEnd(nodes)) return null;
      const taken = recorder.takeSteps(runId);
      if (jsonSize(taken) + size <= maxInlineSize) return taken;
      // They would make a large payload of the activity's start; they are written on their own.
      for (const change of taken) recorder.step(change);
      return null;
    },
    begin(node, status = 'running') {
      const state: StepState = { status, startedAt: Date.now(), output: nothing, error: null };
      steps.set(node.id, state);
      if (status === 'waiting') record(node.id, state, null);
    },
    end(node, status, { output = nothing, error, isRecorded = false, isPinned = false } = {}) {
      const startedAt = steps.get(node.id)?.startedAt ?? Date.now();
      const state: StepState = { status, startedAt, output, error: error ?? null };
      if (isPinned) state.pinned = true;
      steps.set(node.id, state);
      if (status === 'succeeded' && !isPinned) succeeded.push(node.id);
      noteProgress();
      if (!isRecorded) record(node.id, state, Date.now());
    },
    skip(node) {
      steps.set(node.id, { status: 'skipped', startedAt: Date.now(), output: nothing, error: null });
      recordSkipped(node.id);
    },
    giveUp() {
      isGivenUp = true;
      return [...succeeded].reverse();
    },
    restore({ nodeId, status, startedAt, output, error }) {
      steps.set(nodeId, { status, startedAt, output, error });
      if (status === 'succeeded') succeeded.push(nodeId);
    },
    evaluate(node, templates, names = node.reads) {
      const fixed = node.type === 'action' ? node.fixed : null;
      return computed(node, names, { templates, fixed }, (scope) =>
        withFixed(evaluateTemplates(templates, scope), fixed),
      );
    },
    operate: (node, operation) =>
      computed(node, node.reads, { templates: null, fixed: null, operation }, (scope) =>
        operate(operation, scope),
      ),
    recordUntouched(runStatus) {
      for (const [id, state] of steps) {
        if (isSettled(state.status)) continue;
        record(id, { ...state, status: runStatus === 'succeeded' ? 'skipped' : 'cancelled' }, Date.now());
      }
      if (iteration !== '') return;
      for (const { id } of plan.nodes) if (!steps.has(id)) recordSkipped(id);
    },
    within(node, { index, item, settled = new Map() }, before) {
      return stateAt(execution, vars ? { ...base, vars } : base, {
        iteration: passOf(iteration, index),
        settled,
        steps: new Map(),
        lookUp(id) {
          if (id !== node.id) return before?.scopeOf([`steps.${id}`]).steps[id] ?? lookUp(id);
          return { status: 'running', output: nothing, error: null, ...(item && { item }), index };
        },
        item: item ?? place.item,
        index,
      });
    },
  };
}

/** The pass that is this one of a loop in another pass, or outside of loops. */
export function passOf(outer: Iteration, index: number): Iteration {
  return outer === '' ? String(index) : `${outer}/${index}`;
}

function computeNow(node: PlanNode, compute: () => unknown): unknown {
  try {
    return evaluateHere(compute);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, node: node.id }));
    throw new AppError(error.code, error.message, { issues });
  }
}

function isSettled(status: StepStatus | undefined): boolean {
  return status !== undefined && status !== 'running' && status !== 'waiting';
}

/** The scope as expressions read it; undefined if some value of it is not at hand. */
function inlineScope({ trigger, steps, item, vars, ...rest }: ScopeValues): InlineScope | undefined {
  const values = [trigger, item, vars, ...Object.values(steps).flatMap((step) => [step.output, step.item])];
  if (values.some((value) => value && isReference(value))) return undefined;
  const inline = (value: PackedValue | undefined) => (value && 'inline' in value ? value.inline : undefined);
  const entries = Object.entries(steps).map(([id, step]) => {
    const pass = step.index === undefined ? {} : { item: inline(step.item) ?? null, index: step.index };
    return [id, { status: step.status, output: inline(step.output), error: step.error, ...pass }];
  });
  return {
    ...rest,
    trigger: inline(trigger),
    steps: Object.fromEntries(entries),
    ...(vars && { vars: inline(vars) }),
    ...(item && { item: inline(item) }),
  };
}
