/** Fields that say most to a reader, in the order of the builder. */
const leading = [
  'id',
  'name',
  'description',
  'type',
  'trigger',
  'nodes',
  'action',
  'connection',
  'source',
  'sourceHandle',
  'target',
];

/**
 * The same definition with the fields of its parts in an order that people read, and that does not differ from one export
 * to the next: the database keeps none. Data inside nodes stays as it is.
 */
export function readableOrder(definition: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { trigger, nodes, edges } = definition;
  return fieldsInOrder({
    ...definition,
    ...(trigger !== undefined && { trigger: ordered(trigger) }),
    ...(Array.isArray(nodes) && { nodes: nodes.map(ordered) }),
    ...(Array.isArray(edges) && { edges: edges.map(ordered) }),
  });
}

function ordered(part: unknown): unknown {
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? fieldsInOrder(part) : part;
}

function fieldsInOrder(part: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => rankOf(a) - rankOf(b)));
}

function rankOf(field: string): number {
  const index = leading.indexOf(field);
  return index < 0 ? leading.length : index;
}
