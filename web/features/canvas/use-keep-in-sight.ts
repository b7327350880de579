import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { fitting } from './canvas-tools.js';

/** Up to so many are all shown again when one comes or goes. */
const fittingNodes = 40;

/** Shows everything again when steps came or went; a graph that is large stays where it is. */
export function useKeepInSight(shape: string, count: number): void {
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
