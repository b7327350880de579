import type { Draft } from '#core/automation/draft/draft.js';
import type { Issue } from './issue.js';

export interface InspectorProps {
  draft: Draft;
  /** Of a node, or `trigger`. */
  id: string;
  /** It was just added: its first field gets the focus. */
  isNew: boolean;
  issues: readonly Issue[];
  /** Values that expressions are previewed with. */
  data: Readonly<Record<string, unknown>>;
  change(edit: (draft: Draft) => Draft, about?: string): void;
  /** The step has another id now. */
  onRenamed(id: string): void;
  onClose(): void;
  onDelete(): void;
  onDuplicate(): void;
}
