import { useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { triggerId } from '#core/automation/draft/draft.js';
import type { Place } from '#core/automation/draft/edit-draft.js';
import { messageOf } from '../../api/api-error.js';
import { BuilderHeader } from './builder-header.js';
import { ConflictNotice, PublishDialog } from './dialogs.js';
import { DraftView } from './draft-view.js';
import { Inspector } from './inspector.js';
import { Palette } from './palette.js';
import { PalettePanel } from './palette-panel.js';
import { PinnedPanel } from './pinned-panel.js';
import { placeAfter, wordsOfPlace } from './place.js';
import { previewData } from './preview-data.js';
import { SettingsPanel } from './settings-panel.js';
import { TestNote } from './test-note.js';
import { useBuilderKeys } from './use-builder-keys.js';
import { useBuilderView } from './use-builder-view.js';
import { type Automation, useDraft } from './use-draft.js';
import { useEdits } from './use-edits.js';
import { useIssues } from './use-issues.js';
import { usePresence } from './use-presence.js';
import { useTestRun } from './use-test-run.js';
import { useComparison } from './use-versions.js';
import { VersionsPanel } from './versions-panel.js';

/** The editor of an automation: its draft on a canvas or as a list, and beside it what is chosen. */
export function Builder({ automation }: { automation: Automation }) {
  const { id, version: rowVersion } = automation;
  const view = useBuilderView();
  const { store, state } = useDraft(automation);
  const draft = state.history.present;
  const { issues, byNode } = useIssues(draft);
  const edits = useEdits(store, draft);
  const [adding, setAdding] = useState<{ place: Place | undefined }>();
  const [isPublishing, setPublishing] = useState(false);
  const test = useTestRun(id);
  const comparison = useComparison({ id, draft, rowVersion, version: view.version, against: view.against });
  /** Of a step that was given another id, under which its form goes on. */
  const formOf = useRef(new Map<string, string>());
  const { selected } = edits;
  const [only] = selected.length === 1 ? selected : [];
  const step = only === triggerId || draft.nodes.some((node) => node.id === only) ? only : undefined;
  const presence = usePresence(id, view.version === undefined ? step : undefined);
  const { pinned } = draft;
  const data = useMemo(() => previewData(test.data, pinned), [test.data, pinned]);
  /** An older version is looked at: nothing can be changed meanwhile. */
  const isLocked = view.version !== undefined;
  const unlessLocked = (act: () => void) => () => {
    if (!isLocked) act();
  };
  const select = (ids: readonly string[]) => {
    edits.select(ids);
    if (ids.length > 0 && !isLocked && view.panel) view.openPanel(undefined);
  };

  useBuilderKeys({
    add: unlessLocked(() => setAdding({ place: placeAfter(draft, step) })),
    addNote: unlessLocked(edits.addNote),
    remove: unlessLocked(() => edits.remove(selected)),
    duplicate: unlessLocked(() => edits.duplicate(selected)),
    undo: unlessLocked(store.undo),
    redo: unlessLocked(store.redo),
    unselect: () => edits.select([]),
    publish: () => setPublishing(true),
    copied: edits.copy,
    paste: (text) => !isLocked && edits.paste(text),
  });

  const runTest = (mode?: { mode: 'step' | 'from'; step: string }) => {
    const fromRun = test.run && mode ? { fromRun: test.run.id } : {};
    test.start.mutate(
      { draft: { ...store.draft }, useSample: pinned?.trigger === undefined, ...mode, ...fromRun },
      { onError: (error) => toast.error(messageOf(error)) },
    );
  };
  return (
    <>
      <BuilderHeader
        automation={automation}
        state={state}
        store={store}
        view={view}
        problems={issues.length}
        people={presence.people}
        isTesting={test.start.isPending}
        onTest={() => runTest()}
        onPublish={() => setPublishing(true)}
        onAdd={() => setAdding({ place: placeAfter(draft, step) })}
        onAddNote={edits.addNote}
      />
      {state.saving === 'conflict' && <ConflictNotice store={store} />}
      {test.run && (
        <TestNote
          run={test.run}
          step={step === triggerId ? undefined : step}
          onTest={runTest}
          onForget={test.forget}
        />
      )}
      <div className="relative flex min-h-0 flex-1 max-sm:flex-col">
        {view.isPaletteOpen && !view.isList && (
          <PalettePanel onChoose={(offer) => edits.addStep(offer, placeAfter(store.draft, step))} />
        )}
        <div className="min-h-0 min-w-0 flex-1">
          <DraftView
            draft={draft}
            store={store}
            view={view}
            comparison={comparison}
            edits={edits}
            issues={byNode}
            states={test.states}
            onlookers={presence.onlookers}
            onSelect={select}
            onAdd={(place) => setAdding({ place })}
          />
        </div>
        {view.panel === 'versions' && (
          <VersionsPanel
            automation={automation}
            store={store}
            view={view}
            comparison={comparison}
            chosen={edits.selectedAnywhere.at(-1)}
            onSelect={(chosen) => edits.select([chosen])}
          />
        )}
        {view.panel === 'settings' && (
          <SettingsPanel
            automation={automation}
            draft={draft}
            issues={issues}
            change={store.change}
            onClose={() => view.openPanel(undefined)}
          />
        )}
        {view.panel === 'pinned' && (
          <PinnedPanel
            draft={draft}
            data={test.data}
            change={store.change}
            onSelect={(chosen) => select([chosen])}
            onClose={() => view.openPanel(undefined)}
          />
        )}
        {view.panel === undefined && step !== undefined && (
          <Inspector
            key={formOf.current.get(step) ?? step}
            draft={draft}
            id={step}
            isNew={step === edits.added}
            issues={issues.filter(({ node }) => node === step)}
            data={data}
            change={store.change}
            onRenamed={(wanted) => {
              formOf.current.set(wanted, formOf.current.get(step) ?? step);
              edits.select([wanted]);
            }}
            onClose={() => edits.select([])}
            onDelete={() => edits.remove([step])}
            onDuplicate={() => edits.duplicate([step])}
          />
        )}
      </div>
      {adding && (
        <Palette
          about={wordsOfPlace(draft, adding.place)}
          onClose={() => setAdding(undefined)}
          onChoose={(offer) => {
            edits.addStep(offer, adding.place);
            setAdding(undefined);
            if (view.panel) view.openPanel(undefined);
          }}
        />
      )}
      {isPublishing && <PublishDialog id={id} store={store} onClose={() => setPublishing(false)} />}
    </>
  );
}
