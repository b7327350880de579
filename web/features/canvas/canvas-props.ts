import type { ReactNode } from 'react';
import type { Draft } from '#core/automation/draft/draft.js';
import type { Difference } from '#core/automation/draft/overlay.js';
import type { CanvasEditing } from './canvas-editing.js';
import type { NodeState } from './node-state.js';

/** Any definition, a published one too. */
export type Definition = Pick<Draft, 'trigger' | 'nodes' | 'edges' | 'layout'> & { pinned?: Draft['pinned'] };

/** Somebody else who has chosen a node. */
export interface Onlooker {
  userId: string;
  name: string;
}

/** What two definitions over each other differ in. */
export interface Marks {
  /** By node id. */
  nodes: Readonly<Record<string, Difference>>;
  /** By `edgeKey`. */
  edges: Readonly<Record<string, Difference>>;
}

export interface AutomationCanvasProps {
  definition: Definition;
  /** How far a run has come, by node id; with it, what was not taken is faded. No run is shown without. */
  states?: Readonly<Record<string, NodeState>> | undefined;
  /** What is wrong with nodes, by node id. */
  issues?: Readonly<Record<string, readonly string[]>>;
  marks?: Marks | undefined;
  /** By what they have chosen. */
  onlookers?: Readonly<Record<string, readonly Onlooker[]>>;
  /** Ids of nodes and notes, or `trigger`. */
  selected?: readonly string[];
  onSelect?(ids: readonly string[]): void;
  /** What can be done to it; nothing unless given. */
  editing?: CanvasEditing | undefined;
  /** Beside the buttons to zoom. */
  tools?: ReactNode;
}
