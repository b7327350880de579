import { type Draft, type DraftNode, triggerId } from '#core/automation/draft/draft.js';

/** What is known of a value: its fields by name, and of a list those of its items. */
export interface Shape {
  fields?: Readonly<Record<string, Shape>>;
  type?: string;
}

/** What the fields of some kinds of nodes are called in `steps.<id>.output`. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  if: ['result'],
  switch: ['case'],
  loop: ['count', 'succeeded', 'failed', 'results', 'errors'],
  while: ['count'],
  approval: ['decision', 'comment', 'fields', 'decidedBy', 'decidedAt'],
  filter: ['items', 'count'],
  sort: ['items', 'count'],
  limit: ['items', 'count'],
  dedupe: ['items', 'count'],
  pick: ['items', 'count'],
  split: ['items', 'count'],
  aggregate: ['items', 'count'],
  merge: ['items', 'count'],
};

/** Everything that expressions of a node can name, as far as it is known. */
export function scopeShape(
  draft: Draft,
  id: string,
  known: { trigger: unknown; actions: ReadonlyMap<string, unknown>; data: Readonly<Record<string, unknown>> },
): Shape {
  const before = nodesBefore(draft, id);
  const steps = before.map((node): [string, Shape] => {
    const seen = shapeOfValue(Object(known.data.steps)[node.id]?.output);
    const output = merged(declaredOutput(node, known.actions), seen);
    return [node.id, { type: 'step', fields: { output } }];
  });
  const isInLoop = before.some(({ type }) => type === 'loop') || id === triggerId;
  return {
    fields: {
      trigger: merged(shapeOfSchema(known.trigger), shapeOfValue(known.data.trigger)),
      steps: { fields: Object.fromEntries(steps) },
      ...(isInLoop && { item: { type: 'of a loop' }, index: { type: 'number' } }),
      vars: { type: 'variables' },
      run: { fields: { id: { type: 'string' } } },
      org: { fields: { id: { type: 'string' } } },
    },
  };
}

/** Follows a path such as `steps.task`; undefined where nothing is known. */
export function followShape(shape: Shape, path: readonly string[]): Shape | undefined {
  return path.reduce<Shape | undefined>((at, name) => at?.fields?.[name], shape);
}

/** Nodes from which a way leads to this one. */
export function nodesBefore({ nodes, edges }: Draft, id: string): readonly DraftNode[] {
  const before = new Set<string>([id]);
  for (const node of before) {
    for (const { source, target } of edges) if (target === node) before.add(source);
  }
  before.delete(id);
  return nodes.filter((node) => before.has(node.id));
}

function declaredOutput(node: DraftNode, actions: ReadonlyMap<string, unknown>): Shape {
  if (typeof node.action === 'string') return shapeOfSchema(actions.get(node.action));
  const values = node.type === 'set' ? Object.keys(Object(node.input.values)) : [];
  const names = outputs[node.type] ?? values;
  return { fields: Object.fromEntries(names.map((name) => [name, {}])) };
}

function shapeOfSchema(schema: unknown): Shape {
  const { properties, anyOf, type } = Object(schema);
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) => [name, shapeOfSchema(field)]);
    return { fields: Object.fromEntries(fields), type: 'object' };
  }
  if (Array.isArray(anyOf)) return anyOf.map(shapeOfSchema).reduce(merged, {});
  return typeof type === 'string' ? { type } : {};
}

function shapeOfValue(value: unknown): Shape {
  if (value === undefined || value === null) return {};
  if (Array.isArray(value)) return { type: 'list' };
  if (typeof value !== 'object') return { type: typeof value };
  const fields = Object.entries(value).map(([name, field]) => [name, shapeOfValue(field)]);
  return { type: 'object', fields: Object.fromEntries(fields) };
}

function merged(one: Shape, other: Shape): Shape {
  const fields = { ...one.fields };
  for (const [name, field] of Object.entries(other.fields ?? {}))
    fields[name] = fields[name] ? merged(fields[name], field) : field;
  const type = one.type ?? other.type;
  return { ...(type !== undefined && { type }), ...(Object.keys(fields).length > 0 && { fields }) };
}
