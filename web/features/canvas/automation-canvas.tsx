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
} from '@xyflow/react';
import { useMemo, useState } from 'react';
import { defaultHandle } from '#core/automation/plan.js';
import { arrange, grid, type Position, positionsOf } from './arrange.js';
import { CanvasEditingContext } from './canvas-editing.js';
import type { AutomationCanvasProps, Definition } from './canvas-props.js';
import { CanvasTools, fitting } from './canvas-tools.js';
import { cardsOf } from './cards.js';
import { edgesOf } from './edges.js';
import { type CardNode, NodeCard } from './node-card.js';
import { NoteCard, type NoteNode, noteCards } from './note-card.js';
import { useKeepInSight } from './use-keep-in-sight.js';
import { useStepDrop } from './use-step-drop.js';
import { type WayEdge, WayLine } from './way-edge.js';
import { waysOf } from './ways.js';

const nodeTypes = { card: NodeCard, note: NoteCard };
const edgeTypes = { way: WayLine };
const none: readonly string[] = [];
const noIssues = {};
type CanvasNode = CardNode | NoteNode;

/** More nodes than these are only drawn where they can be seen. */
const manyNodes = 120;

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
  marks,
  onlookers,
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
    () => cardsOf(definition, { positions, states, issues, marks, onlookers }),
    [definition, positions, states, issues, marks, onlookers],
  );
  const notes = useMemo(() => noteCards(definition), [definition]);
  const nodes = useMemo(
    () =>
      [...notes, ...cards].map((card) => ({
        ...card,
        selected: selected.includes(card.id),
        position: moving[card.id] ?? card.position,
      })),
    [cards, notes, selected, moving],
  );
  const { dropInto, ...dropping } = useStepDrop(editing);
  const edges = useMemo(
    () => edgesOf(definition, { states, marks, dropInto }),
    [definition, states, marks, dropInto],
  );

  useKeepInSight(shape, nodes.length);
  const onNodesChange = (changes: readonly NodeChange<CanvasNode>[]) => {
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
    const isNote = ([id]: [string, Position]) => notes.some((note) => note.id === id);
    const [movedNotes, movedCards] = [true, false].map((wanted) =>
      Object.fromEntries(Object.entries(moved).filter((entry) => isNote(entry) === wanted)),
    );
    // All stay where they are seen: one that is put elsewhere shall not make others move.
    const areCardsMoved = Object.keys(movedCards ?? {}).length > 0;
    editing?.onMove(
      areCardsMoved ? { ...Object.fromEntries(positions), ...movedCards } : {},
      movedNotes ?? {},
    );
  };

  return (
    <ReactFlow<CanvasNode, WayEdge>
      {...dropping}
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

/** What the arrangement depends on. */
function shapeOf({ nodes, edges }: Definition): string {
  const ways = nodes.map((node) => [node.id, waysOf(node).map(({ handle }) => handle)]);
  return JSON.stringify([ways, edges]);
}

function placeOf({ source, sourceHandle, target }: Connection | Edge) {
  return { source, target, handle: sourceHandle ?? defaultHandle };
}
