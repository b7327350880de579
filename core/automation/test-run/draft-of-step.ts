import { z } from 'zod';
import { bodyHandle } from '../loops.js';

/** As far as one has to look into a draft, finished or not, to see what stands before a step. */
const Outline = z.looseObject({
  nodes: z.array(z.looseObject({ id: z.string(), type: z.unknown().optional() })),
  edges: z.array(
    z.looseObject({ source: z.string(), target: z.string(), sourceHandle: z.unknown().optional() }),
  ),
  pinned: z.looseObject({ steps: z.record(z.string(), z.unknown()).optional() }).optional(),
  settings: z.looseObject({}).optional(),
});

type Outline = z.output<typeof Outline>;

/**
 * The part of a draft that has to be valid for one step to be tested: the trigger, the step, what may run before it, and
 * the bodies of loops among them. A draft that can't be read even so far is returned as it is.
 */
export function draftOfStep(draft: unknown, step: string): unknown {
  const outline = Outline.safeParse(draft).data;
  if (!outline?.nodes.some(({ id }) => id === step)) return draft;
  const kept = keptNodes(outline, step);
  const { pinned, settings } = outline;
  const dropped = outline.nodes.map(({ id }) => id).filter((id) => !kept.has(id));
  return {
    ...outline,
    nodes: outline.nodes.filter(({ id }) => kept.has(id)),
    edges: outline.edges.filter(
      ({ source, target }) => kept.has(target) && (kept.has(source) || source === 'trigger'),
    ),
    ...(pinned && { pinned: { ...pinned, steps: without(pinned.steps ?? {}, dropped) } }),
    ...(settings && { settings: without(settings, ['onFailure']) }),
  };
}

/** Ids of the nodes of a draft, finished or not. */
export function nodesOfDraft(draft: unknown): ReadonlySet<string> {
  return new Set(Outline.safeParse(draft).data?.nodes.map(({ id }) => id));
}

function keptNodes({ nodes, edges }: Outline, step: string): Set<string> {
  const kept = new Set([step]);
  /** Kept as part of a loop's body, with all that follows there. */
  const inBody = new Set<string>();
  const loops = new Set(nodes.filter(({ type }) => type === 'loop' || type === 'while').map(({ id }) => id));
  for (let size = 0; size < kept.size + inBody.size; ) {
    size = kept.size + inBody.size;
    for (const { source, target, sourceHandle } of edges) {
      const isEntry = sourceHandle === bodyHandle && kept.has(source) && loops.has(source);
      if (isEntry || inBody.has(source)) inBody.add(target);
      if (inBody.has(target)) kept.add(target);
      if (kept.has(target) && source !== 'trigger') kept.add(source);
    }
  }
  return kept;
}

function without(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
