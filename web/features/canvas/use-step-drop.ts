import { useReactFlow } from '@xyflow/react';
import { type DragEvent, useState } from 'react';
import { z } from 'zod';
import { cardSize, grid } from './arrange.js';
import { type CanvasEditing, draggedStepType } from './canvas-editing.js';

const EdgeId = z.tuple([z.string(), z.string(), z.string()]);
/** Pixels around the pointer in which an edge is still meant. */
const around = [
  [0, 0],
  [-14, 0],
  [14, 0],
  [0, -14],
  [0, 14],
] as const;

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

function edgeAt({ currentTarget, clientX, clientY }: DragEvent): string | undefined {
  for (const edge of currentTarget.querySelectorAll('.react-flow__edge')) {
    const line = edge.querySelector('.react-flow__edge-interaction');
    const toLine = line instanceof SVGGeometryElement && line.getScreenCTM()?.inverse();
    if (!toLine) continue;
    const isNear = around.some(([across, down]) =>
      line.isPointInStroke(new DOMPoint(clientX + across, clientY + down).matrixTransform(toLine)),
    );
    if (isNear) return edge.getAttribute('data-id') ?? undefined;
  }
  return undefined;
}

function snapped(length: number): number {
  return Math.round(length / grid) * grid;
}
