import { triggerId } from '#core/automation/draft/draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { cardSize, type Position } from './arrange.js';
import type { AutomationCanvasProps, Definition } from './canvas-props.js';
import { differenceLooks } from './difference-looks.js';
import type { CardNode } from './node-card.js';
import { lookOfNode, lookOfTrigger } from './node-look.js';
import { stateLooks } from './node-state.js';
import { shownWays } from './ways.js';

const none = [] as const;

/** A card for the trigger and for each node. */
export function cardsOf(
  definition: Definition,
  {
    positions,
    states,
    issues,
    marks,
    onlookers,
  }: {
    positions: ReadonlyMap<string, Position>;
    states: AutomationCanvasProps['states'];
    issues: Readonly<Record<string, readonly string[]>>;
    marks: AutomationCanvasProps['marks'];
    onlookers: AutomationCanvasProps['onlookers'];
  },
): CardNode[] {
  const { trigger, nodes, edges, pinned } = definition;
  return [undefined, ...nodes].map((node) => {
    const id = node?.id ?? triggerId;
    const look = node ? lookOfNode(node) : lookOfTrigger(trigger);
    const ways = shownWays(node, edges);
    const used = edges.filter(({ source }) => source === id).map(handleOf);
    const state = states?.[id];
    const mark = marks?.nodes[id];
    const status = state
      ? `, ${stateLooks[state.status].label}`
      : mark
        ? `, ${differenceLooks[mark].label}`
        : '';
    return {
      id,
      type: 'card',
      position: positions.get(id) ?? { x: 0, y: 0 },
      ...cardSize,
      measured: cardSize,
      ariaLabel: `${look.title}, ${look.kind}${status}`,
      data: {
        ...look,
        isTrigger: node === undefined,
        ways,
        openWays: ways.filter(({ handle }) => !used.includes(handle)).map(({ handle }) => handle),
        issues: issues[id] ?? none,
        isPinned: node ? Object.hasOwn(pinned?.steps ?? {}, id) : pinned?.trigger !== undefined,
        run: states && { state },
        mark,
        onlookers: onlookers?.[id] ?? none,
      },
    };
  });
}
