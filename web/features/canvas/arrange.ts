import dagre from '@dagrejs/dagre';
import { z } from 'zod';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import { handleOf, handlesOf } from '#core/automation/draft/handles.js';

/** Of a node's upper left corner, in pixels of the unscaled canvas. */
export interface Position {
  x: number;
  y: number;
}

/** Pixels. All cards are of one size. */
export const cardSize = { width: 232, height: 60 } as const;
const gap = { beside: 56, below: 84 } as const;
/** Positions are multiples of this. */
export const grid = 12;

const Positions = z.record(z.string(), z.object({ x: z.number(), y: z.number() }));

/** Where people have put nodes, as `layout.nodes` keeps it; nothing unless somebody did. */
export function placedNodes({ layout }: Pick<Draft, 'layout'>): Readonly<Record<string, Position>> {
  return Positions.safeParse(layout.nodes).data ?? {};
}

/**
 * Where every node and the trigger are shown: where somebody has put them, else as `arranged` says. A node that came
 * since stands below the one that leads to it, beside what is there.
 */
export function positionsOf(
  definition: Pick<Draft, 'nodes' | 'edges' | 'layout'>,
  arranged: ReadonlyMap<string, Position>,
): ReadonlyMap<string, Position> {
  const placed = placedNodes(definition);
  if (Object.keys(placed).length === 0) return arranged;
  const positions = new Map<string, Position>();
  const ids = [triggerId, ...definition.nodes.map(({ id }) => id)];
  for (const id of ids) {
    const at = placed[id];
    if (at) positions.set(id, at);
  }
  for (const id of ids) {
    if (positions.has(id)) continue;
    const source = definition.edges.find(({ target }) => target === id)?.source;
    const above = source === undefined ? undefined : positions.get(source);
    const wanted = above
      ? { x: above.x, y: above.y + cardSize.height + gap.below }
      : (arranged.get(id) ?? { x: 0, y: 0 });
    positions.set(id, freePlace(wanted, [...positions.values()]));
  }
  return positions;
}

/** Layer by layer from the top, so that few edges cross; branches stand in the order of their ways. */
export function arrange({ nodes, edges }: Pick<Draft, 'nodes' | 'edges'>): ReadonlyMap<string, Position> {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: gap.beside, ranksep: gap.below, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Map(nodes.map((node) => [node.id, node]));
  for (const id of [triggerId, ...known.keys()]) graph.setNode(id, { ...cardSize });
  const orderOf = (edge: Draft['edges'][number]) => handlesOf(known.get(edge.source)).indexOf(handleOf(edge));
  const drawn = edges.filter(({ source, target }) => graph.hasNode(source) && graph.hasNode(target));
  for (const edge of drawn.sort((a, b) => orderOf(a) - orderOf(b)))
    graph.setEdge(edge.source, edge.target, {}, handleOf(edge));
  // The heuristic would swap branches freely.
  dagre.layout(graph, { disableOptimalOrderHeuristic: true });
  return new Map(
    graph.nodes().map((id) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { x: snapped(x - cardSize.width / 2), y: snapped(y - cardSize.height / 2) }];
    }),
  );
}

function freePlace(wanted: Position, taken: readonly Position[]): Position {
  let { x } = wanted;
  const isTaken = () =>
    taken.some(
      (other) =>
        Math.abs(other.x - x) < cardSize.width + grid &&
        Math.abs(other.y - wanted.y) < cardSize.height + grid,
    );
  while (isTaken()) x += cardSize.width + gap.beside;
  return { x: snapped(x), y: snapped(wanted.y) };
}

function snapped(length: number): number {
  return Math.round(length / grid) * grid;
}
