import { triggerId } from '#core/automation/draft/draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { edgeKey } from '#core/automation/draft/overlay.js';
import type { AutomationCanvasProps, Definition } from './canvas-props.js';
import { lookOfNode, lookOfTrigger } from './node-look.js';
import { isUntaken } from './node-state.js';
import type { WayEdge } from './way-edge.js';
import { shownWays, waysOf } from './ways.js';

/** A line for each edge whose ends are there. */
export function edgesOf(
  { trigger, nodes, edges }: Definition,
  {
    states,
    marks,
    dropInto,
  }: Pick<AutomationCanvasProps, 'states' | 'marks'> & { dropInto: string | undefined },
): WayEdge[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const titleOf = (id: string) => {
    const node = known.get(id);
    return (node ? lookOfNode(node) : lookOfTrigger(trigger)).title;
  };
  const isLeft = ({ source, handle }: { source: string; handle: string }) =>
    source === triggerId || (states?.[source]?.way ?? handle) === handle;
  return edges
    .filter(({ source, target }) => (source === triggerId || known.has(source)) && known.has(target))
    .map((edge): WayEdge => {
      const { source, target } = edge;
      const handle = handleOf(edge);
      const id = edgeKey(edge);
      const beside = edges.filter((other) => other.source === source && handleOf(other) === handle);
      const label = waysOf(known.get(source)).find((way) => way.handle === handle)?.label;
      const isSourceUntaken = source !== triggerId && isUntaken(states?.[source]);
      const isFaded =
        states !== undefined && (isSourceUntaken || isUntaken(states[target]) || !isLeft({ source, handle }));
      return {
        id,
        type: 'way',
        source,
        sourceHandle: handle,
        target,
        selectable: false,
        data: {
          handle,
          label,
          name: `from ${titleOf(source)}${label ? `, ${label},` : ''} to ${titleOf(target)}`,
          isFaded,
          hasOtherWays: shownWays(known.get(source), edges).length > 1,
          isFirst: beside[0] === edge,
          isAlone: beside.length === 1,
          mark: marks?.edges[id],
          isDropTarget: dropInto === id,
        },
      };
    });
}
