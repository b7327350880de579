import { AppError, type ErrorIssue } from '../../errors.js';
import type { PackedValue } from '../packed-value.js';
import { defaultHandle, everyNode, type Incoming, type Plan, type PlanNode, withBodies } from '../plan.js';
import { bodyOf, followersOf, loopsAround, namesReadIn, stepsAmong } from './plan-places.js';
import { createReach, type Reach } from './reach.js';
import type { StepData } from './step-data.js';

/** What of an automation is tested: all of it, one step alone, or a step and what follows it. */
export type TestScope =
  | { mode: 'all' }
  | { mode: 'from'; step: string }
  | ({ mode: 'step'; step: string } & GivenPass);

/** What is given of the pass through a loop that a step is in. */
interface GivenPass {
  item?: PackedValue | undefined;
  index?: number | undefined;
}

type Data = ReadonlyMap<string, StepData>;

const start: Incoming = { source: 'trigger', handle: defaultHandle };
/** No node is left by this way. */
const never: Incoming = { source: 'trigger', handle: 'never' };

/**
 * The plan of a test run: steps with data give it instead of being performed. Throws `validation` with an issue for each
 * step whose data is read and missing.
 */
export function planTest(plan: Plan, scope: TestScope, data: Data): Plan {
  // Whoever tests does not wait in line.
  const { limits: _, ...unlimited } = plan;
  if (scope.mode === 'step') return planStep(unlimited, scope, data);
  const undoing = Object.entries(plan.compensations).map(([id, nodes]) => [id, withData(nodes, data)]);
  const tested = { ...unlimited, compensations: Object.fromEntries(undoing) };
  if (scope.mode === 'from') return planFrom(tested, scope.step, data);
  return { ...tested, nodes: withData(plan.nodes, data) };
}

function planFrom(plan: Plan, step: string, data: Data): Plan {
  const [loop] = loopsAround(plan.nodes, step);
  if (loop !== undefined)
    throw refusal([{ path: 'step', message: `is in the body of ${loop}: test from there` }]);
  if (!plan.nodes.some(({ id }) => id === step))
    throw refusal([{ path: 'step', message: 'undoes a step: test it alone' }]);
  const after = followersOf(plan.nodes, step);
  const reach = createReach(plan.nodes, data);
  const nodes = plan.nodes.map((node): PlanNode => {
    if (node.id === step) return entered(node, node.incoming, data);
    if (after.has(node.id)) return withData([node], data)[0] ?? node;
    const given = reach.isReached(node.id) ? data.get(node.id) : undefined;
    return given ? pinnedTo(node, given, [start]) : { ...node, incoming: [never] };
  });
  const performed = nodes.filter((node) => !node.pinned && (node.id === step || after.has(node.id)));
  const isDone = (id: string) => id === step || after.has(id);
  requireData(performed, { isDone, data, reach });
  return { ...plan, nodes };
}

function planStep(plan: Plan, scope: Extract<TestScope, { mode: 'step' }>, data: Data): Plan {
  const { step, item, index } = scope;
  const all = new Map(everyNode(plan).map((node) => [node.id, node]));
  const target = all.get(step);
  if (!target) throw refusal([{ path: 'step', message: `there is no step ${step}` }]);
  const [loop, ...outer] = loopsAround(plan.nodes, step);
  const names = namesReadIn(target);
  const hasItem = all.get(loop ?? '')?.type === 'loop';
  requirePass(names, { loop, hasItem, outer, step, item, index });

  const levels = [plan.nodes, ...[loop, ...outer].reverse().map((id) => bodyOf(all.get(id ?? '')))].flat();
  const reach = createReach(levels, data);
  const inBody = new Set([...withBodies(bodyOf(target)).map(({ id }) => id), ...(loop ? [loop] : [])]);
  requireData([target], { isDone: (id) => inBody.has(id), data, reach });
  const given = stepsAmong(names).flatMap((id): PlanNode[] => {
    const [node, known] = [all.get(id), data.get(id)];
    return node && known && id !== loop && reach.isReached(id) ? [pinnedTo(node, known, [start])] : [];
  });
  const before = given.map(
    ({ id, pinned }): Incoming => ({ source: id, handle: pinned?.way ?? defaultHandle }),
  );
  const pass = loop !== undefined && {
    pass: { loop, ...(item && { item }), ...(index !== undefined && { index }) },
  };
  return { ...plan, nodes: [...given, entered(target, before, data)], compensations: {}, ...pass };
}

/** Nodes with data in place of their work, also those in the bodies of loops. */
function withData(nodes: readonly PlanNode[], data: Data): PlanNode[] {
  return nodes.map((node) => {
    const known = data.get(node.id);
    if (known) return pinnedTo(node, known, node.incoming);
    return 'body' in node ? { ...node, body: withData(node.body, data) } : node;
  });
}

function pinnedTo(node: PlanNode, pinned: StepData, incoming: readonly Incoming[]): PlanNode {
  return { ...node, incoming, reads: [], pinned };
}

/** A node that is reached whatever came before it, once all of that has settled. */
function entered(node: PlanNode, before: readonly Incoming[], data: Data): PlanNode {
  const incoming = [start, ...before];
  if ('body' in node) return { ...node, incoming, body: withData(node.body, data) };
  return node.type === 'join' ? { ...node, incoming, mode: 'any', losers: [] } : { ...node, incoming };
}

interface Known {
  /** Done in the run itself, before it is read or as part of what reads it. */
  isDone(id: string): boolean;
  data: Data;
  reach: Reach;
}

function requireData(performed: readonly PlanNode[], { isDone, data, reach }: Known): void {
  const readers = new Map<string, string>();
  for (const node of performed) {
    for (const id of stepsAmong(namesReadIn(node))) {
      if (isDone(id) || data.has(id) || !reach.isReached(id) || readers.has(id)) continue;
      readers.set(id, node.id);
    }
  }
  const issues = [...readers].map(([id, reader]) => ({
    node: id,
    path: `pinned.steps.${id}`,
    message: `is missing: ${reader} reads the output of ${id}; pin one, or name a run that has it`,
  }));
  if (issues.length > 0) throw refusal(issues);
}

/** Where a step stands that is tested alone. */
interface Place {
  step: string;
  /** The innermost loop around it. */
  loop: string | undefined;
  /** That loop works through a list. */
  hasItem: boolean;
  outer: readonly string[];
}

/** Throws `validation` where a step in a loop reads what is not given of the pass. */
function requirePass(
  names: readonly string[],
  { loop, hasItem, outer, step, item, index }: Place & GivenPass,
): void {
  const issues: ErrorIssue[] = [];
  const missing = (field: string) => ({
    node: step,
    path: `pinned.${field}`,
    message: `is missing: ${step} reads it`,
  });
  if (loop !== undefined) {
    const isLoopRead = names.includes(`steps.${loop}`);
    if (item === undefined && ((isLoopRead && hasItem) || names.includes('item')))
      issues.push(missing('item'));
    if (index === undefined && (isLoopRead || names.includes('index'))) issues.push(missing('index'));
    for (const id of outer.filter((name) => names.includes(`steps.${name}`))) {
      issues.push({ node: step, path: 'step', message: `reads the item of ${id}: test ${id} as a whole` });
    }
  } else if (item !== undefined || index !== undefined) {
    const path = item === undefined ? 'pinned.index' : 'pinned.item';
    issues.push({ node: step, path, message: `is for steps in the body of a loop, and ${step} is in none` });
  }
  if (issues.length > 0) throw refusal(issues);
}

function refusal(issues: readonly ErrorIssue[]): AppError {
  const [first] = issues;
  return new AppError('validation', `The test can't start: ${first?.path} ${first?.message}`, { issues });
}
