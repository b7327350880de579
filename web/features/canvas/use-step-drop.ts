import { useReactFlow } from '@xyflow/react';
import { type DragEvent, useState } from 'react';
import { z } from 'zod';
import { cardSize } from './arrange.js';
import { type CanvasEditing, draggedStepType } from './canvas-editing.js';

const EdgeId = z.tuple([z.string(), z.string(), z.string()]);
/** Pixels around the pointer in which an edge is still meant. */
const reach = 16;

/** Takes steps that are dragged onto the canvas: into the edge under the pointer, else to where they are let go. */
export function useStepDrop(editing: CanvasEditing | undefined) {
  const { screenToFlowPosition } = useReactFlow();
  const [dropInto, setDropInto] = useState<string>();
  if (!editing) return { dropInto: undefined };
  return {
    /** Id of the edge that is meant. */
    dropInto,
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes(draggedStepType)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setDropInto(edgeAt(event));
    },
    onDragLeave(event: DragEvent) {
      const isOut = !(
        event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)
      );
      if (isOut) setDropInto(undefined);
    },
    onDrop(event: DragEvent) {
      const dragged = event.dataTransfer.getData(draggedStepType);
      setDropInto(undefined);
      if (dragged === '') return;
      event.preventDefault();
      const edge = EdgeId.safeParse(JSON.parse(edgeAt(event) ?? 'null')).data;
      if (edge) {
        const [source, handle, target] = edge;
        editing.onDropStep(dragged, { edge: { source, handle, target } });
        return;
      }
      const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const position = { x: snapped(x - cardSize.width / 2), y: snapped(y - cardSize.height / 2) };
      editing.onDropStep(dragged, { position });
    },
  };
}

function edgeAt({ clientX, clientY }: DragEvent): string | undefined {
  for (const [across, down] of [
    [0, 0],
    [-reach, 0],
    [reach, 0],
    [0, -reach],
    [0, reach],
  ] as const) {
    for (const element of document.elementsFromPoint(clientX + across, clientY + down)) {
      const id = element.closest('.react-flow__edge')?.getAttribute('data-id');
      if (id) return id;
    }
  }
  return undefined;
}

function snapped(length: number): number {
  return Math.round(length);
}
