import { parseDuration } from '../duration.js';
import type { ValuePath } from '../expression/paths.js';
import { chainsAmong } from './chains.js';
import type { PlaceChecks } from './check-nodes.js';
import { watchedBy } from './check-references.js';
import type { AutomationDefinition } from './definition.js';
import type { ExpressionCheck } from './expression-check.js';
import type { Graph } from './graph.js';
import { planLimits } from './limits.js';
import { type AutomationNode, kindOf } from './nodes/index.js';
import type { Actions } from './nodes/node-kind.js';
import { compensateHandle, defaultHandle, type Plan, type PlanNode } from './plan.js';

/** Characters that the paths into one output may take; beyond, the whole output is kept. */
const maxPathsLength = 1_000;

/** The plan of a definition that has been found valid; `checks` know what each node's expressions read. */
export function buildPlan(
  definition: AutomationDefinition,
  graph: Graph,
  checks: ReadonlyMap<string, PlaceChecks>,
  actions: Actions,
): Plan {
  const pathsOf = (id: string) => allChecks(checks.get(id)).flatMap((check) => check.paths);
  const paths = graph.order.flatMap(pathsOf);
  const keepOf = outputPaths(paths);
  const isShort = definition.nodes.every((node) => isShortWork(node, actions));
  const canBeLocal = !worksSideBySide(definition) || (isShort && endsInRounds(definition, graph));

  const undoing = new Set([...graph.compensations.values()].flatMap((ids) => [...ids]));
  const main = graph.order.filter((id) => !undoing.has(id));

  /** Those of these nodes that are right in the body of a loop, or outside of every loop. */
  function nodesWithin(loop: string | undefined, ids: readonly string[]): PlanNode[] {
    return ids.flatMap((id) => {
      const node = graph.nodes.get(id);
      if (!node || graph.loopsAround.get(id)?.[0] !== loop) return [];
      const found = checks.get(id);
      const base = { id, incoming: graph.incoming.get(id) ?? [], reads: readsOf(found) };
      const context = {
        actions,
        canBeLocal,
        keep: keepOf(id),
        leadingOnlyHere: () => nodesLeadingOnlyTo(graph, id),
      };
      const planned = kindOf(node).plan(node, context);
      const body = kindOf(node).hasBody && { body: plannedWithin(id), bodyReads: namesIn(found?.body) };
      return [{ ...base, ...planned, ...body } as PlanNode];
    });
  }

  /** The same with what their activities carry out at one go. */
  function plannedWithin(loop: string | undefined, ids = main): PlanNode[] {
    const nodes = nodesWithin(loop, ids);
    const leadsTo = chainsAmong(nodes);
    return nodes.map((node) =>
      node.type === 'action' ? { ...node, leadsTo: leadsTo.get(node.id) ?? [] } : node,
    );
  }

  const vars = [...new Set(paths.flatMap(([root, name]) => (root === 'vars' && name ? [name] : [])))].sort();
  const { timeout, onFailure, failureNotice } = definition.settings;
  const limits = planLimits(definition.settings);
  const isFailureTrigger = definition.trigger.type === 'error';
  return {
    format: 1,
    trigger: {
      uses: unique(paths.filter(([root]) => root === 'trigger').map(([, ...rest]) => rest)),
      where: definition.trigger.where,
      ...(isFailureTrigger && { failuresOf: watchedBy(definition) }),
    },
    isLight: isShort && definition.nodes.every((node) => !kindOf(node).isHeavy),
    usesLocalActivities: canBeLocal,
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    ...(vars.length > 0 && { vars }),
    ...(onFailure !== undefined && { onFailure }),
    ...(limits && { limits }),
    ...(failureNotice !== undefined && { failureNotice }),
    nodes: plannedWithin(undefined),
    compensations: Object.fromEntries(
      [...graph.compensations].map(([id, ids]) => [
        id,
        plannedWithin(
          undefined,
          graph.order.filter((each) => ids.has(each)),
        ),
      ]),
    ),
    undoesFailed: definition.settings.compensate === 'on_cancel_and_failure',
  };
}

/** The nodes whose every way leads to this one. */
function nodesLeadingOnlyTo(graph: Graph, target: string): string[] {
  const found = new Set([target]);
  for (const id of [...graph.order].reverse()) {
    const followers = graph.order.filter((other) =>
      graph.incoming.get(other)?.some(({ source, handle }) => source === id && handle !== compensateHandle),
    );
    if (followers.length > 0 && followers.every((follower) => found.has(follower))) found.add(id);
  }
  found.delete(target);
  const surely = graph.dominators.get(target);
  return graph.order.filter((id) => found.has(id) && !surely?.has(id));
}

/** It calls nothing outside. */
function isShortWork(node: AutomationNode, actions: Actions): boolean {
  const call = kindOf(node).actionOf?.(node);
  return call === undefined || actions.get(call.action)?.kind === 'domain';
}

/** Several edges leave one handle, or a loop works on several items at a time. */
function worksSideBySide(definition: AutomationDefinition): boolean {
  return hasBranches(definition) || definition.nodes.some((node) => kindOf(node).isParallel?.(node));
}

function hasBranches({ edges }: AutomationDefinition): boolean {
  const ways = edges.map(({ source, sourceHandle = defaultHandle }) => `${source} ${sourceHandle}`);
  return new Set(ways).size < ways.length;
}

/**
 * Of automations whose actions are short: nothing but local activities can be under way at a time. A wait ends by a
 * timer or a signal, and a loop beside something else, or within a parallel one, may go on in child workflows.
 */
function endsInRounds(definition: AutomationDefinition, { loopsAround }: Graph): boolean {
  const { nodes } = definition;
  if (nodes.some((node) => kindOf(node).isHeavy && !kindOf(node).hasBody)) return false;
  const loops = nodes.filter((node) => kindOf(node).hasBody);
  if (loops.length > 0 && hasBranches(definition)) return false;
  const parallel = new Set(loops.filter((node) => kindOf(node).isParallel?.(node)).map(({ id }) => id));
  return !loops.some(({ id }) => loopsAround.get(id)?.some((outer) => parallel.has(outer)));
}

function allChecks(found: PlaceChecks | undefined): ExpressionCheck[] {
  return found ? [found.own, ...found.items, ...(found.body ? [found.body] : [])] : [];
}

/** What has to be at hand outside of the node's body. The node itself knows the item at work. */
function readsOf(found: PlaceChecks | undefined): string[] {
  const ofItems = (found?.items ?? []).flatMap(namesIn).filter((name) => name !== 'item' && name !== 'index');
  return [...new Set([...namesIn(found?.own), ...ofItems])].sort();
}

/** What has to be at hand to evaluate what was checked here. */
function namesIn(check: ExpressionCheck | undefined): string[] {
  return [...new Set(check?.paths.map(rootOf))].sort();
}

/** `trigger`, or `steps.<id>`: what has to be at hand to evaluate a path. */
function rootOf([root = '', id = '']: readonly string[]): string {
  return root === 'steps' ? `steps.${id}` : root;
}

/** What is read of each step's output; the empty path where all of it is. */
function outputPaths(paths: readonly string[][]): (id: string) => ValuePath[] {
  const byStep = new Map<string, ValuePath[]>();
  for (const [root, step, part, ...rest] of paths) {
    if (root !== 'steps' || step === undefined) continue;
    if (part === undefined) byStep.set(step, [...(byStep.get(step) ?? []), []]);
    else if (part === 'output') byStep.set(step, [...(byStep.get(step) ?? []), rest]);
  }
  return (id) => {
    const read = unique(byStep.get(id) ?? []);
    if (read.some((path) => path.length === 0)) return [[]];
    // They travel with each start of the activity, where they shall not add up to a large payload.
    return JSON.stringify(read).length > maxPathsLength ? [[]] : read;
  };
}

function unique(paths: readonly ValuePath[]): ValuePath[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
