import type { ErrorIssue } from '../errors.js';
import type { JsonSchema } from '../expression/json-schema-types.js';
import type { AutomationDefinition } from './definition.js';
import { createExpressionCheck, type ExpressionCheck } from './expression-check.js';
import { type Graph, nodeIssue } from './graph.js';
import { itemSchemaOf } from './item-schema.js';
import { kindOf } from './nodes/index.js';
import type { Known } from './nodes/node-kind.js';
import { checkTemplates } from './template-check.js';
import { TypedEnvironments } from './typed-environments.js';
import type { StepShape, VisibleSteps } from './visible-scope.js';

/** What the expressions of a node were checked with, by the place where they are evaluated: they know what was read. */
export interface PlaceChecks {
  own: ExpressionCheck;
  items: readonly ExpressionCheck[];
  body?: ExpressionCheck;
}

export interface NodeChecks {
  checks: ReadonlyMap<string, PlaceChecks>;
  issues: ErrorIssue[];
}

/** Checks the fields and expressions of every node against what is in scope there. */
export function checkNodes(
  definition: AutomationDefinition,
  graph: Graph,
  known: Known,
  trigger: JsonSchema,
): NodeChecks {
  const nodeIds = new Set(graph.nodes.keys());
  const shapes = new Map<string, StepShape>();
  const items = new Map<string, JsonSchema | undefined>();
  const checks = new Map<string, PlaceChecks>();
  const issues: ErrorIssue[] = [];
  const environments = new TypedEnvironments();

  const checkAt = (
    steps: VisibleSteps,
    loops: readonly string[],
    item?: { schema: JsonSchema | undefined },
  ) => {
    const around = new Map(loops.map((loop) => [loop, items.get(loop)]));
    const scope = { trigger, steps, nodeIds, loops: around, vars: known.variables, item };
    return createExpressionCheck(scope, environments);
  };
  const itemOf = (list: unknown) => itemSchemaOf(list, { trigger, steps: shapes });

  for (const id of graph.order) {
    const node = graph.nodes.get(id);
    if (!node) continue;
    const kind = kindOf(node);
    const loops = graph.loopsAround.get(id) ?? [];
    const steps = visibleSteps(graph, id, shapes);
    const own = checkAt(steps, loops);
    const ofItems: ExpressionCheck[] = [];
    const found = [...(kind.issues?.(node, known) ?? [])];
    for (const { field, value, schema, place, items: list } of kind.templates(node, known)) {
      if (value === undefined || place === 'body') continue;
      const check = place === 'item' ? checkAt(steps, loops, { schema: itemOf(list) }) : own;
      if (place === 'item') ofItems.push(check);
      found.push(...checkTemplates(value, schema, check, field));
    }
    issues.push(...found.map(({ path, message }) => nodeIssue(definition, id, path, message)));
    shapes.set(id, kind.shape?.(node, known, own, itemOf) ?? 'anything');
    checks.set(id, { own, items: ofItems });
    if (node.type === 'loop') items.set(id, itemOf(node.input.items));
  }

  // What is evaluated inside a body sees the body's steps, whose shapes are known only now.
  for (const [id, node] of graph.nodes) {
    const templates = kindOf(node).templates(node, known);
    const inside = templates.filter(({ value, place }) => value !== undefined && place === 'body');
    if (inside.length === 0) continue;
    const body = graph.order.filter((inner) => graph.loopsAround.get(inner)?.[0] === id);
    const steps = visibleSteps(graph, id, shapes, new Set(body));
    const check = checkAt(steps, [id, ...(graph.loopsAround.get(id) ?? [])]);
    const others = checks.get(id);
    if (others) checks.set(id, { ...others, body: check });
    for (const { field, value, schema } of inside) {
      const found = checkTemplates(value, schema, check, field);
      issues.push(...found.map(({ path, message }) => nodeIssue(definition, id, path, message)));
    }
  }
  return { checks, issues };
}

/** The steps that surely or possibly ran before a node, and `inside` its body those of the pass before. */
function visibleSteps(
  graph: Graph,
  id: string,
  shapes: ReadonlyMap<string, StepShape>,
  inside: ReadonlySet<string> = new Set(),
): VisibleSteps {
  const surely = graph.dominators.get(id);
  const before = graph.ancestors.get(id);
  const around = graph.loopsAround.get(id) ?? [];
  const has = (step: string) =>
    inside.has(step) || (step !== 'trigger' && !around.includes(step) && (before?.has(step) ?? false));
  return {
    has,
    // What may have been skipped has output null, so nothing is promised of its shape.
    shapeOf: (step) => (surely?.has(step) ? (shapes.get(step) ?? 'anything') : 'anything'),
    ids: () => graph.order.filter(has),
  };
}
