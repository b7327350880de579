import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  Background,
  type Connection,
  type Edge,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { defaultHandle } from '#core/automation/plan.js';
import { arrange, cardSize, grid, type Position, positionsOf } from './arrange.js';
import { type CanvasEditing, CanvasEditingContext } from './canvas-editing.js';
import { CanvasTools, fitting } from './canvas-tools.js';
import { type CardNode, NodeCard } from './node-card.js';
import { lookOfNode, lookOfTrigger } from './node-look.js';
import { isUntaken, type NodeState, stateLooks } from './node-state.js';
import { type WayEdge, WayLine } from './way-edge.js';
import { shownWays, waysOf } from './ways.js';

export interface AutomationCanvasProps {
  /** Any definition, a published one too. */
  definition: Pick<Draft, 'trigger' | 'nodes' | 'edges' | 'layout'> & { pinned?: Draft['pinned'] };
  /** How far a run has come, by node id; with it, what was not taken is faded. No run is shown without. */
  states?: Readonly<Record<string, NodeState>> | undefined;
  /** What is wrong with nodes, by node id. */
  issues?: Readonly<Record<string, readonly string[]>>;
  /** Ids of nodes, or `trigger`. */
  selected?: readonly string[];
  onSelect?(ids: readonly string[]): void;
  /** What can be done to it; nothing unless given. */
  editing?: CanvasEditing | undefined;
  /** Beside the buttons to zoom. */
  tools?: ReactNode;
}

const nodeTypes = { card: NodeCard };
const edgeTypes = { way: WayLine };
const none: readonly string[] = [];
const noIssues = {};
/** More nodes than these are only drawn where they can be seen. */
const manyNodes = 120;
/** Up to so many are all shown again when one comes or goes. */
const fittingNodes = 40;

/** The graph of an automation. Where it stands has to have a height. */
export function AutomationCanvas(props: AutomationCanvasProps) {
  return (
    <ReactFlowProvider>
      <CanvasEditingContext value={props.editing}>
        <Canvas {...props} />
      </CanvasEditingContext>
    </ReactFlowProvider>
  );
}

function Canvas({
  definition,
  states,
  issues = noIssues,
  selected = none,
  onSelect,
  editing,
  tools,
}: AutomationCanvasProps) {
  const [moving, setMoving] = useState<Readonly<Record<string, Position>>>({});
  const shape = shapeOf(definition);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is all that the arrangement goes by
  const arranged = useMemo(() => arrange(definition), [shape]);
  const positions = useMemo(() => positionsOf(definition, arranged), [definition, arranged]);
  const cards = useMemo(
    () => cardsOf(definition, { positions, states, issues }),
    [definition, positions, states, issues],
  );
  const nodes = useMemo(
    () =>
      cards.map((card) => ({
        ...card,
        selected: selected.includes(card.id),
        position: moving[card.id] ?? card.position,
      })),
    [cards, selected, moving],
  );
  const edges = useMemo(() => edgesOf(definition, states), [definition, states]);

  useKeepInSight(shape, nodes.length);
  const onNodesChange = (changes: readonly NodeChange<CardNode>[]) => {
    const moved = { ...moving };
    const chosen = new Set(selected);
    let isDone = false;
    for (const change of changes) {
      if (change.type === 'position' && change.position) {
        moved[change.id] = change.position;
        if (!change.dragging) isDone = true;
      }
      if (change.type === 'position' && change.dragging === false) isDone = true;
      if (change.type === 'select' && change.selected) chosen.add(change.id);
      if (change.type === 'select' && !change.selected) chosen.delete(change.id);
    }
    if (changes.some(({ type }) => type === 'select')) onSelect?.([...chosen]);
    if (!isDone && changes.some(({ type }) => type === 'position')) setMoving(moved);
    if (!isDone || Object.keys(moved).length === 0) return;
    setMoving({});
    // All stay where they are seen: one that is put elsewhere shall not make others move.
    editing?.onMove({ ...Object.fromEntries(positions), ...moved });
  };

  return (
    <ReactFlow<CardNode, WayEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      onConnect={(connection) => {
        const place = placeOf(connection);
        if (place) editing?.onConnect(place);
      }}
      isValidConnection={(connection) => {
        const place = placeOf(connection);
        return place !== undefined && (editing?.canConnect(place) ?? false);
      }}
      nodesDraggable={editing !== undefined}
      nodesConnectable={editing !== undefined}
      edgesFocusable={false}
      edgesReconnectable={false}
      elementsSelectable={onSelect !== undefined}
      deleteKeyCode={null}
      snapToGrid
      snapGrid={[grid, grid]}
      fitView
      fitViewOptions={fitting}
      minZoom={0.15}
      maxZoom={1.5}
      onlyRenderVisibleElements={nodes.length > manyNodes}
      aria-label="Graph of the automation"
      role="region"
    >
      <Background gap={grid * 2} size={1} />
      <CanvasTools>{tools}</CanvasTools>
      {nodes.length > 12 && (
        <MiniMap
          pannable
          zoomable
          ariaLabel="The whole graph, small"
          className="max-md:hidden!"
          style={{ width: 140, height: 96 }}
        />
      )}
    </ReactFlow>
  );
}

/** Shows everything again when steps came or went; a graph that is large stays where it is. */
function useKeepInSight(shape: string, count: number): void {
  const { fitView } = useReactFlow();
  const shown = useRef(shape);
  useEffect(() => {
    if (shown.current === shape) return;
    shown.current = shape;
    if (count > fittingNodes) return;
    // Once the new cards, and what opens beside the canvas, have their places.
    const frame = requestAnimationFrame(() => void fitView(fitting));
    return () => cancelAnimationFrame(frame);
  }, [fitView, shape, count]);
}

type Definition = AutomationCanvasProps['definition'];

/** What the arrangement depends on. */
function shapeOf({ nodes, edges }: Definition): string {
  const ways = nodes.map((node) => [node.id, waysOf(node).map(({ handle }) => handle)]);
  return JSON.stringify([ways, edges]);
}

function cardsOf(
  definition: Definition,
  {
    positions,
    states,
    issues,
  }: {
    positions: ReadonlyMap<string, Position>;
    states: AutomationCanvasProps['states'];
    issues: Readonly<Record<string, readonly string[]>>;
  },
): CardNode[] {
  const { trigger, nodes, edges, pinned } = definition;
  return [undefined, ...nodes].map((node) => {
    const id = node?.id ?? triggerId;
    const look = node ? lookOfNode(node) : lookOfTrigger(trigger);
    const ways = shownWays(node, edges);
    const used = edges.filter(({ source }) => source === id).map(handleOf);
    const state = states?.[id];
    const status = state ? `, ${stateLooks[state.status].label}` : '';
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
      },
    };
  });
}

function edgesOf({ trigger, nodes, edges }: Definition, states: AutomationCanvasProps['states']): WayEdge[] {
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
      const label = waysOf(known.get(source)).find((way) => way.handle === handle)?.label;
      const isSourceUntaken = source !== triggerId && isUntaken(states?.[source]);
      const isFaded =
        states !== undefined && (isSourceUntaken || isUntaken(states[target]) || !isLeft({ source, handle }));
      return {
        id: JSON.stringify([source, handle, target]),
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
        },
      };
    });
}

function placeOf({ source, sourceHandle, target }: Connection | Edge) {
  return { source, target, handle: sourceHandle ?? defaultHandle };
}
