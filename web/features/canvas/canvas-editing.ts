import { createContext } from 'react';
import type { Connection, Place } from '#core/automation/draft/edit-draft.js';
import type { CanvasNote } from '#core/automation/draft/notes.js';
import type { Position } from './arrange.js';

/** What can be done to a canvas. Without it a canvas is for looking only. */
export interface CanvasEditing {
  /** Asks for what shall stand there. */
  onAdd(place: Place): void;
  /** What was dragged here, as it was handed to the browser: into an edge, else to where it was let go. */
  onDropStep(dragged: string, at: { edge: Connection } | { position: Position }): void;
  onConnect(place: Connection): void;
  canConnect(place: Connection): boolean;
  /** Nodes, or notes, were put somewhere else. */
  onMove(positions: Readonly<Record<string, Position>>, notes: Readonly<Record<string, Position>>): void;
  onRemoveEdge(place: Connection): void;
  onChangeNote(id: string, fields: Partial<Omit<CanvasNote, 'id'>>, about?: string): void;
  onRemoveNote(id: string): void;
}

export const CanvasEditingContext = createContext<CanvasEditing | undefined>(undefined);

/** By which the browser knows a step that is dragged. */
export const draggedStepType = 'application/x-worksynapse-step';
