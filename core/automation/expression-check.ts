import type { Environment } from '@marcbachmann/cel-js';
import { AppError } from '../errors.js';
import { createEnvironment } from '../expression/environment.js';
import { createTypeRegistry, type JsonSchema } from '../expression/json-schema-types.js';
import { readPaths } from '../expression/paths.js';
import { refusedCall } from '../expression/refused-call.js';
import { isTemplate, parseTemplate } from '../expression/template.js';

/** What an expression at one place of an automation may see. */
export interface VisibleScope {
  trigger: JsonSchema;
  steps: VisibleSteps;
  /** Every node of the automation, to tell "later" from "unknown". */
  nodeIds: ReadonlySet<string>;
  /** The loops around the place, innermost first, with what is known of an item of each. */
  loops?: ReadonlyMap<string, JsonSchema | undefined>;
  /** Names of the organization's variables; undefined where none can be read. */
  vars?: ReadonlySet<string> | undefined;
  /** What `item` is where it is not that of the innermost loop. */
  item?: { schema: JsonSchema | undefined } | undefined;
}

/** Steps that may have run before, with what is known of their output. */
export interface VisibleSteps {
  has(id: string): boolean;
  shapeOf(id: string): StepShape;
  ids(): readonly string[];
}

export type StepShape = { schema: JsonSchema } | { fields: Readonly<Record<string, string>> } | 'anything';

export interface ExpressionCheck {
  /** CEL type of one expression, or the reason why it can't work. */
  check(expression: string): { type: string } | { error: string };
  /** Every path that was read by the expressions checked so far, from its root name. */
  paths: string[][];
}

const runSchema: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    automationId: { type: 'string' },
    version: { type: 'number' },
    startedAt: { type: 'string' },
  },
};
const orgSchema: JsonSchema = { type: 'object', properties: { id: { type: 'string' } } };

/**
 * Type-checks expressions against what is known at one place. Types are declared for the steps that an expression
 * reads, not for all that it might, so that large automations are checked in no time.
 */
export function createExpressionCheck(scope: VisibleScope): ExpressionCheck {
  const environments = new Map<string, Environment>();
  const paths: string[][] = [];

  function environmentFor(read: readonly string[][]): Environment {
    const ids = stepsIn(read, scope);
    const vars = variablesIn(read);
    const key = `${ids.join()};${vars.join()}`;
    const known = environments.get(key) ?? buildEnvironment(scope, ids, vars);
    environments.set(key, known);
    return known;
  }

  return {
    paths,
    check(expression) {
      try {
        const { ast } = parser.parse(expression);
        const read = eachStep(readPaths(ast), scope);
        paths.push(...read);
        const refused = refusedCall(ast) ?? unknownStep(read, scope) ?? unknownVariable(read, scope);
        if (refused) return { error: refused };
        const result = environmentFor(read).parse(expression).check();
        return result.valid ? { type: result.type ?? 'dyn' } : { error: summaryOf(result.error) };
      } catch (error) {
        return { error: summaryOf(error) };
      }
    },
  };
}

/** The expressions of one string, or the reason why it is not a template. */
export function expressionsOf(text: string): { expressions: string[]; isPure: boolean } | { error: string } {
  if (!isTemplate(text)) return { expressions: [], isPure: false };
  try {
    const parts = parseTemplate(text);
    const expressions = parts.flatMap((part) => ('expression' in part ? [part.expression] : []));
    return { expressions, isPure: parts.length === 1 };
  } catch (error) {
    return { error: summaryOf(error) };
  }
}

/** Reads expressions without knowing any type. */
const parser = createEnvironment();

/** Environments that know one trigger's type; everything else is added to clones of them. */
const triggerEnvironments = new WeakMap<JsonSchema, Environment>();

function environmentOfTrigger(trigger: JsonSchema): Environment {
  const known = triggerEnvironments.get(trigger);
  if (known) return known;
  const environment = createEnvironment();
  const types = createTypeRegistry(environment, 'GivenObject');
  environment.registerVariable('trigger', types.typeOf(trigger));
  environment.registerVariable('run', types.typeOf(runSchema));
  environment.registerVariable('org', types.typeOf(orgSchema));
  triggerEnvironments.set(trigger, environment);
  return environment;
}

function buildEnvironment(
  scope: VisibleScope,
  stepIds: readonly string[],
  vars: readonly string[],
): Environment {
  const environment = environmentOfTrigger(scope.trigger).clone();
  const types = createTypeRegistry(environment);
  const steps = stepIds.map((id) => {
    const shape = scope.steps.shapeOf(id);
    const output =
      shape === 'anything'
        ? 'dyn'
        : 'schema' in shape
          ? types.typeOf(shape.schema)
          : types.declare({ ...shape.fields });
    return [id, types.declare({ output, status: 'string', error: 'dyn' })];
  });
  const loops = [...(scope.loops ?? [])].map(([id, item]) => {
    const itemType = item ? types.typeOf(item) : 'dyn';
    return [id, types.declare({ item: itemType, index: 'double', status: 'string' })] as const;
  });
  environment.registerVariable('steps', types.declare(Object.fromEntries([...steps, ...loops])));
  // A variable can be given another value at any time, so nothing is promised of its type.
  if (vars.length > 0) {
    environment.registerVariable(
      'vars',
      types.declare(Object.fromEntries(vars.map((name) => [name, 'dyn']))),
    );
  }
  const [innermost] = scope.loops?.values() ?? [];
  const item = scope.item ?? (loops.length > 0 ? { schema: innermost } : undefined);
  if (item) {
    environment.registerVariable('item', item.schema ? types.typeOf(item.schema) : 'dyn');
    environment.registerVariable('index', 'double');
  }
  return environment;
}

/** With a path for each visible step where an expression reads `steps` as a whole. */
function eachStep(paths: readonly string[][], { steps }: VisibleScope): string[][] {
  return paths.flatMap((path) =>
    path[0] === 'steps' && path.length === 1 ? steps.ids().map((id) => ['steps', id]) : [path],
  );
}

/** The visible steps that an expression reads. */
function stepsIn(paths: readonly string[][], { loops }: VisibleScope): string[] {
  const read = paths.flatMap(([root, id]) => (root === 'steps' && id !== undefined ? [id] : []));
  return [...new Set(read.filter((id) => !loops?.has(id)))].sort();
}

function variablesIn(paths: readonly string[][]): string[] {
  const names = paths.flatMap(([root, name]) => (root === 'vars' && name !== undefined ? [name] : []));
  return [...new Set(names)].sort();
}

function unknownVariable(paths: readonly string[][], { vars }: VisibleScope): string | undefined {
  for (const [root, name] of paths) {
    if (root !== 'vars') continue;
    if (!vars) return 'variables can not be read here';
    if (name === undefined) return 'a variable is read by its name: vars.<name>';
    if (!vars.has(name)) return `there is no variable ${name}`;
  }
  return undefined;
}

function unknownStep(paths: readonly string[][], scope: VisibleScope): string | undefined {
  for (const [root, id] of paths) {
    if (root !== 'steps' || id === undefined || scope.steps.has(id) || scope.loops?.has(id)) continue;
    return scope.nodeIds.has(id) ? `steps.${id} does not run before this` : `there is no step ${id}`;
  }
  return undefined;
}

function summaryOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error && 'summary' in error) return String(error.summary);
  return error instanceof Error ? error.message : String(error);
}

/** No steps at all. */
export const noSteps: VisibleSteps = { has: () => false, shapeOf: () => 'anything', ids: () => [] };
