import { LayoutDashboard } from 'lucide-react';
import type { Draft } from '#core/automation/draft/draft.js';
import {
  canConnect,
  connect,
  disconnect,
  type Place,
  placeNodes,
} from '#core/automation/draft/edit-draft.js';
import { changeNotes } from '#core/automation/draft/notes.js';
import { Button } from '../../components/ui/button.js';
import { Skeleton } from '../../components/ui/states.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import { AutomationCanvas } from '../canvas/automation-canvas.js';
import type { Onlooker } from '../canvas/canvas-props.js';
import type { NodeState } from '../canvas/node-state.js';
import type { DraftStore } from './draft-store.js';
import { StepList } from './step-list.js';
import type { BuilderView } from './use-builder-view.js';
import type { useEdits } from './use-edits.js';
import type { useComparison } from './use-versions.js';

export interface DraftViewProps {
  draft: Draft;
  store: DraftStore;
  view: BuilderView;
  comparison: ReturnType<typeof useComparison>;
  edits: ReturnType<typeof useEdits>;
  issues: Readonly<Record<string, readonly string[]>>;
  states: Readonly<Record<string, NodeState>> | undefined;
  onlookers: Readonly<Record<string, readonly Onlooker[]>>;
  onSelect(ids: readonly string[]): void;
  onAdd(place: Place): void;
}

/** The graph that is worked on, on a canvas or as a list; or a version of it, which is only looked at. */
export function DraftView({
  draft,
  store,
  view,
  comparison,
  edits,
  issues,
  states,
  onlookers,
  onSelect,
  onAdd,
}: DraftViewProps) {
  if (view.version !== undefined) {
    const shown = view.against === undefined ? comparison.definition : comparison.overlay?.definition;
    if (!shown) return <Skeleton className="h-full" />;
    return (
      <AutomationCanvas
        key={`${view.version} ${view.against}`}
        definition={shown}
        marks={comparison.overlay}
        selected={edits.selectedAnywhere}
        onSelect={edits.select}
      />
    );
  }
  const selected = edits.selected;
  if (view.isList) {
    return (
      <div className="flex h-full flex-col">
        <StepList
          draft={draft}
          selected={selected}
          issues={issues}
          states={states}
          onlookers={onlookers}
          onSelect={onSelect}
          onAdd={onAdd}
          onConnect={(connection) => store.change((present) => connect(present, connection))}
          onDisconnect={(connection) => store.change((present) => disconnect(present, connection))}
          onDelete={(node) => edits.remove([node])}
          onChangeNote={(id, text) => store.change((present) => changeNotes(present, { [id]: { text } }), id)}
        />
      </div>
    );
  }
  return (
    <AutomationCanvas
      definition={draft}
      states={states}
      issues={issues}
      onlookers={onlookers}
      selected={selected}
      onSelect={onSelect}
      editing={{
        onAdd,
        onDropStep: edits.dropStep,
        onConnect: (connection) => store.change((present) => connect(present, connection)),
        canConnect: (connection) => canConnect(draft, connection),
        onMove: (positions, notes) =>
          store.change((present) => {
            const noted = changeNotes(present, notes);
            return Object.keys(positions).length > 0 ? placeNodes(noted, positions) : noted;
          }),
        onRemoveEdge: (connection) => store.change((present) => disconnect(present, connection)),
        onChangeNote: (id, fields, about) =>
          store.change((present) => changeNotes(present, { [id]: fields }), about),
        onRemoveNote: (id) => edits.remove([id]),
      }}
      tools={
        <Tooltip text="Arrange">
          <Button
            look="ghost"
            size="icon"
            aria-label="Arrange the steps"
            onClick={() => store.change((present) => placeNodes(present, undefined))}
          >
            <LayoutDashboard aria-hidden />
          </Button>
        </Tooltip>
      }
    />
  );
}
