import { Link } from '@tanstack/react-router';
import { ChevronLeft, Play, Rocket } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import type { Onlooker } from '../canvas/canvas-props.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { BuilderTools, SavingNote } from './builder-tools.js';
import type { DraftState, DraftStore } from './draft-store.js';
import { PresenceRow } from './presence-row.js';
import type { BuilderView } from './use-builder-view.js';
import type { Automation } from './use-draft.js';

/** The line above the builder: what is saved and published, who is here, and what can be done. */
export function BuilderHeader({
  automation: { name, publishedVersion },
  state,
  store,
  view,
  problems,
  people,
  isTesting,
  onTest,
  onPublish,
  onAdd,
  onAddNote,
}: {
  automation: Automation;
  state: DraftState;
  store: DraftStore;
  view: BuilderView;
  /** How many things keep it from being published. */
  problems: number;
  people: readonly Onlooker[];
  isTesting: boolean;
  onTest(): void;
  onPublish(): void;
  onAdd(): void;
  onAddNote(): void;
}) {
  const { may } = useRights();
  const isLocked = view.version !== undefined;
  return (
    <PageHeader
      title={name}
      lead={
        <Button asChild look="ghost" size="icon">
          <Link to="/" aria-label="To the automations">
            <ChevronLeft aria-hidden />
          </Link>
        </Button>
      }
      actions={
        <>
          {may('automations:run') && (
            <Button onClick={onTest} disabled={isTesting || isLocked}>
              <Play aria-hidden />
              <span className="max-sm:sr-only">Test</span>
            </Button>
          )}
          {may('automations:publish') && (
            <Button look="primary" onClick={onPublish}>
              <Rocket aria-hidden />
              <span className="max-sm:sr-only">Publish</span>
            </Button>
          )}
        </>
      }
    >
      <PresenceRow people={people} />
      <SavingNote state={state} onRetry={() => void store.flush().catch(() => {})} />
      <span className="whitespace-nowrap text-mini text-soft">
        {publishedVersion === null ? 'Not published yet' : `Version ${publishedVersion} is published`}
        {problems > 0 && ` · ${problems} ${problems === 1 ? 'problem' : 'problems'}`}
      </span>
      <BuilderTools
        view={view}
        isLocked={isLocked}
        canUndo={state.history.past.length > 0}
        canRedo={state.history.future.length > 0}
        onAdd={onAdd}
        onAddNote={onAddNote}
        onUndo={store.undo}
        onRedo={store.redo}
      />
    </PageHeader>
  );
}
