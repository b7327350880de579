/** What stands in a place of a definition that names something of the organization. */
export type ReferenceKind = 'connection' | 'automation';

/** What takes the place of a reference; undefined leaves it out. `path`: where, as `['nodes', '2', 'connection']`. */
export type ReferenceMapping = (kind: ReferenceKind, value: unknown, path: readonly string[]) => unknown;

/** Fields whose content is data of the automation, not part of its format. */
const data = new Set(['input', 'layout', 'outputSchema', 'pinned']);

/**
 * Copies a definition, finished or not, with its references replaced by what the mapping gives: every field `connection`
 * of its trigger and nodes, `automation` of subflow nodes, `settings.onFailure`, and the `automations` of a trigger `error`.
 */
export function mapReferences(definition: unknown, map: ReferenceMapping): unknown {
  return mapValue(definition, map, []);
}

function mapValue(value: unknown, map: ReferenceMapping, path: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.map((entry, index) => mapValue(entry, map, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return value;
  const type = 'type' in value ? value.type : undefined;
  const entries = Object.entries(value).map(([key, entry]) => {
    const place = [...path, key];
    const kind = kindOf(place, type);
    if (kind) return [key, map(kind, entry, place)];
    if (type === 'error' && place.join('.') === 'trigger.input') return [key, mapWatched(entry, map, place)];
    return [key, data.has(key) ? entry : mapValue(entry, map, place)];
  });
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

function kindOf(path: readonly string[], type: unknown): ReferenceKind | undefined {
  const [part] = path;
  const key = path.at(-1);
  if (key === 'connection') return 'connection';
  if (part === 'nodes' && path.length === 3 && key === 'automation' && type === 'subflow')
    return 'automation';
  return path.join('.') === 'settings.onFailure' ? 'automation' : undefined;
}

function mapWatched(input: unknown, map: ReferenceMapping, path: readonly string[]): unknown {
  if (typeof input !== 'object' || input === null || !('automations' in input)) return input;
  const { automations } = input;
  if (!Array.isArray(automations)) return input;
  const mapped = automations.map((entry, index) =>
    map('automation', entry, [...path, 'automations', String(index)]),
  );
  return { ...input, automations: mapped.filter((entry) => entry !== undefined) };
}
