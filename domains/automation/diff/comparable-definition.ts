import { AutomationDefinition } from '#core/automation/definition.js';
import { defaultHandle } from '#core/automation/plan.js';
import { canonicalJson } from '#core/canonical-json.js';

const { shape } = AutomationDefinition;

export type Fields = Readonly<Record<string, unknown>>;

/** A definition, finished or not, in a form in which what means the same is the same. */
export interface ComparableDefinition {
  name: unknown;
  trigger: unknown;
  settings: unknown;
  layout: unknown;
  /** By id; what has none or shares it, by its place. */
  nodes: ReadonlyMap<string, Fields>;
  /** By their content. */
  edges: ReadonlyMap<string, Fields>;
  /** Whatever else an unfinished draft holds. */
  other: Fields;
}

/**
 * Takes a definition apart. Parts that are valid get their defaults, so that a version, which has them, equals the
 * draft that it was made of; parts that are not stay as they are. What is pinned is for tests only and left out.
 */
export function comparableDefinition(definition: unknown): ComparableDefinition {
  const { name, trigger, nodes, edges, settings, layout, pinned: _, ...other } = fieldsOf(definition);
  return {
    name: shape.name.safeParse(name).data ?? name,
    trigger: shape.trigger.safeParse(trigger).data ?? trigger,
    settings: shape.settings.safeParse(settings).data ?? settings,
    layout: shape.layout.safeParse(layout).data ?? layout,
    nodes: byId(listOf(nodes).map((node) => shape.nodes.element.safeParse(node).data ?? node)),
    edges: new Map(
      listOf(edges)
        .map(comparableEdge)
        .map((edge) => [canonicalJson(edge), edge]),
    ),
    other: { ...other, ...misshapen({ nodes, edges }) },
  };
}

/** A JSON value as an object of fields; a single field `value` if it is something else. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  return value === undefined ? {} : { value };
}

function byId(nodes: readonly unknown[]): Map<string, Fields> {
  const found = new Map<string, Fields>();
  for (const [index, node] of nodes.entries()) {
    const fields = fieldsOf(node);
    const isNamed = typeof fields.id === 'string' && !found.has(fields.id);
    found.set(isNamed ? String(fields.id) : `#${index}`, fields);
  }
  return found;
}

function comparableEdge(edge: unknown): Fields {
  const { sourceHandle, ...rest } = fieldsOf(shape.edges.element.safeParse(edge).data ?? edge);
  const isDefault = sourceHandle === undefined || sourceHandle === defaultHandle;
  return isDefault ? rest : { ...rest, sourceHandle };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function misshapen(lists: Fields): Fields {
  return Object.fromEntries(
    Object.entries(lists).filter(([, value]) => value !== undefined && !Array.isArray(value)),
  );
}
