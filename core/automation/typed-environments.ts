import type { Environment } from '@marcbachmann/cel-js';
import { createEnvironment } from '../expression/environment.js';
import { createTypeRegistry, type JsonSchema } from '../expression/json-schema-types.js';
import type { VisibleScope } from './visible-scope.js';

/**
 * Environments that know the types of what expressions read; those of one place at a time. An environment is large:
 * hundreds that stay until an automation is compiled cost more, in being moved about in memory, than making them.
 */
export class TypedEnvironments {
  #scope: VisibleScope | undefined;
  readonly #made = new Map<string, Environment>();

  /** The environment for expressions at a place that read these paths, from their root names. */
  at(scope: VisibleScope, read: readonly string[][]): Environment {
    if (this.#scope !== scope) this.#made.clear();
    this.#scope = scope;
    const ids = stepsIn(read, scope);
    const vars = variablesIn(read);
    const key = `${ids.join()};${vars.join()}`;
    const environment = this.#made.get(key) ?? buildEnvironment(scope, ids, vars);
    this.#made.set(key, environment);
    return environment;
  }
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

/** The visible steps that an expression reads. */
function stepsIn(paths: readonly string[][], { loops }: VisibleScope): string[] {
  const read = paths.flatMap(([root, id]) => (root === 'steps' && id !== undefined ? [id] : []));
  return [...new Set(read.filter((id) => !loops?.has(id)))].sort();
}

function variablesIn(paths: readonly string[][]): string[] {
  const names = paths.flatMap(([root, name]) => (root === 'vars' && name !== undefined ? [name] : []));
  return [...new Set(names)].sort();
}
