import diff from 'microdiff';
import { z } from 'zod';
import { comparableDefinition, type Fields } from './comparable-definition.js';

const Change = z.object({
  path: z.string().describe('Dotted path of the value within its part; empty for the whole part'),
  before: z.unknown().optional().describe('Absent where it was added'),
  after: z.unknown().optional().describe('Absent where it was removed'),
});

const NodeName = z.object({ id: z.string(), type: z.string().optional(), name: z.string().optional() });
const Edge = z
  .record(z.string(), z.unknown())
  .describe('source, target and, but for the default way out, sourceHandle');
const changes = z.array(Change);

export const DefinitionDiff = z.object({
  isChanged: z.boolean().describe('True if anything but the layout differs'),
  nodes: z.object({
    added: z.array(NodeName),
    removed: z.array(NodeName),
    changed: z.array(NodeName.extend({ changes })),
  }),
  edges: z.object({ added: z.array(Edge), removed: z.array(Edge) }),
  name: changes,
  trigger: changes,
  settings: changes,
  other: changes.describe('Fields that no definition has, in unfinished drafts'),
  layoutChanges: z.int().describe('How many values of the layout differ: moving a box changes nothing else'),
});

export type DefinitionDiff = z.output<typeof DefinitionDiff>;

/** What is different in `after`. Both are definitions as drafts hold them, finished or not. */
export function compareDefinitions(before: unknown, after: unknown): DefinitionDiff {
  const [old, next] = [comparableDefinition(before), comparableDefinition(after)];
  const parts = {
    nodes: {
      added: missingIn(next.nodes, old.nodes).map(nameOf),
      removed: missingIn(old.nodes, next.nodes).map(nameOf),
      changed: changedNodes(old.nodes, next.nodes),
    },
    edges: {
      added: missingIn(next.edges, old.edges).map(([, edge]) => ({ ...edge })),
      removed: missingIn(old.edges, next.edges).map(([, edge]) => ({ ...edge })),
    },
    name: changesOf(old.name, next.name),
    trigger: changesOf(old.trigger, next.trigger),
    settings: changesOf(old.settings, next.settings),
    other: changesOf(old.other, next.other),
  };
  const { nodes, edges, ...rest } = parts;
  const isChanged = [...Object.values(nodes), ...Object.values(edges), ...Object.values(rest)].some(
    (list) => list.length > 0,
  );
  return { isChanged, ...parts, layoutChanges: changesOf(old.layout, next.layout).length };
}

type Entry = [id: string, fields: Fields];

/** Entries of the first map that the second does not have. */
function missingIn(entries: ReadonlyMap<string, Fields>, others: ReadonlyMap<string, Fields>): Entry[] {
  return [...entries].filter(([key]) => !others.has(key));
}

function changedNodes(old: ReadonlyMap<string, Fields>, next: ReadonlyMap<string, Fields>) {
  return [...next].flatMap(([id, node]) => {
    const before = old.get(id);
    const found = before ? changesOf(before, node) : [];
    return found.length > 0 ? [{ ...nameOf([id, node]), changes: found }] : [];
  });
}

function nameOf([id, { type, name }]: Entry): z.output<typeof NodeName> {
  return {
    id,
    ...(typeof type === 'string' && { type }),
    ...(typeof name === 'string' && { name }),
  };
}

function changesOf(before: unknown, after: unknown): z.output<typeof changes> {
  return diff(wrapped(before), wrapped(after)).map((difference) => ({
    path: difference.path.slice(1).join('.'),
    ...(difference.type !== 'CREATE' && { before: difference.oldValue }),
    ...(difference.type !== 'REMOVE' && { after: difference.value }),
  }));
}

/** In a field of an object, for the whole part may be a text, or be absent. */
function wrapped(part: unknown): Record<string, unknown> {
  return part === undefined ? {} : { part };
}
