import { createContext } from 'react';
import type { Connection, Place } from '#core/automation/draft/edit-draft.js';
import type { Position } from './arrange.js';

/** What can be done to a canvas. Without it a canvas is for looking only. */
export interface CanvasEditing {
  /** Asks for what shall stand there. */
  onAdd(place: Place): void;
  onConnect(place: Connection): void;
  canConnect(place: Connection): boolean;
  /** Nodes were put somewhere else. */
  onMove(positions: Readonly<Record<string, Position>>): void;
  onRemoveEdge(place: Connection): void;
}

export const CanvasEditingContext = createContext<CanvasEditing | undefined>(undefined);
