import { Link } from '@tanstack/react-router';
import {
  Blocks,
  History,
  List,
  type LucideIcon,
  Network,
  Pin,
  Plus,
  Redo2,
  Settings2,
  StickyNote,
  Undo2,
} from 'lucide-react';
import { messageOf } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import type { DraftState } from './draft-store.js';
import type { BuilderView } from './use-builder-view.js';

/** Whether what was changed is saved, and a way to try again where it is not. */
export function SavingNote({ state, onRetry }: { state: DraftState; onRetry(): void }) {
  if (state.saving === 'failed') {
    return (
      <Button size="small" look="danger" onClick={onRetry} title={messageOf(state.error)}>
        Not saved: try again
      </Button>
    );
  }
  const words = { saved: 'Saved', unsaved: 'Saving …', saving: 'Saving …', conflict: 'Not saved' }[
    state.saving
  ];
  return (
    <span role="status" className="whitespace-nowrap text-mini text-soft">
      {words}
    </span>
  );
}

const panels = [
  { panel: 'versions', text: 'Versions', icon: History },
  { panel: 'pinned', text: 'Pinned data', icon: Pin },
  { panel: 'settings', text: 'Settings', icon: Settings2 },
] as const;

export interface BuilderToolsProps {
  view: BuilderView;
  isLocked: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onAdd(): void;
  onAddNote(): void;
  onUndo(): void;
  onRedo(): void;
}

/** What can be done to the draft as a whole, and what can be seen of it. */
export function BuilderTools({
  view,
  isLocked,
  canUndo,
  canRedo,
  onAdd,
  onAddNote,
  onUndo,
  onRedo,
}: BuilderToolsProps) {
  return (
    <div className="flex items-center gap-0.5">
      <Tool text="Add a step" keys="a" icon={Plus} disabled={isLocked} onClick={onAdd} />
      {!view.isList && (
        <Tool
          text="Steps to drag"
          icon={Blocks}
          disabled={isLocked}
          isOn={view.isPaletteOpen}
          onClick={view.togglePalette}
        />
      )}
      <Tool text="Add a note" keys="n" icon={StickyNote} disabled={isLocked} onClick={onAddNote} />
      <Tool text="Undo" keys="z" icon={Undo2} disabled={isLocked || !canUndo} onClick={onUndo} />
      <Tool text="Redo" keys="Shift+z" icon={Redo2} disabled={isLocked || !canRedo} onClick={onRedo} />
      <span aria-hidden className="mx-1 h-4 w-px bg-line-strong" />
      {panels.map(({ panel, text, icon }) => (
        <Tool
          key={panel}
          text={text}
          icon={icon}
          isOn={view.panel === panel}
          onClick={() => view.openPanel(view.panel === panel ? undefined : panel)}
        />
      ))}
      <Button asChild look="ghost" size="small">
        <Link
          to="."
          search={({ view: _, ...rest }) => (view.isList ? rest : { ...rest, view: 'list' })}
          replace
        >
          {view.isList ? <Network aria-hidden /> : <List aria-hidden />}
          {view.isList ? 'Canvas' : 'List'}
        </Link>
      </Button>
    </div>
  );
}

function Tool({
  text,
  keys,
  icon: Icon,
  isOn,
  disabled = false,
  onClick,
}: {
  text: string;
  keys?: string;
  icon: LucideIcon;
  /** Of what stays on until it is pressed again. */
  isOn?: boolean;
  disabled?: boolean;
  onClick(): void;
}) {
  return (
    <Tooltip text={text} {...(keys !== undefined && { keys })}>
      <Button
        look="ghost"
        size="icon"
        aria-label={text}
        {...(isOn !== undefined && { 'aria-pressed': isOn })}
        className="aria-pressed:bg-accent-soft aria-pressed:text-accent"
        disabled={disabled}
        onClick={onClick}
      >
        <Icon aria-hidden />
      </Button>
    </Tooltip>
  );
}
