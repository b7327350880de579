import { createContext } from 'react';
import type { Position } from './arrange.js';

/** Where a new step shall stand: after a way out, and in front of `target` if the edge there is named. */
export interface Place {
  source: string;
  handle: string;
  target?: string;
}

/** What can be done to a canvas. Without it a canvas is for looking only. */
export interface CanvasEditing {
  /** Asks for what shall stand there. */
  onAdd(place: Place): void;
  onConnect(place: Required<Place>): void;
  canConnect(place: Required<Place>): boolean;
  /** Nodes were put somewhere else. */
  onMove(positions: Readonly<Record<string, Position>>): void;
  onRemoveEdge(place: Required<Place>): void;
  /** Something of the palette was dropped. */
  onDrop(data: DataTransfer, position: Position): void;
}

export const CanvasEditingContext = createContext<CanvasEditing | undefined>(undefined);
