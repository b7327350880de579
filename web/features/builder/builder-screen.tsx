import { Link, useParams, useSearch } from '@tanstack/react-router';
import {
  ChevronLeft,
  LayoutDashboard,
  List,
  Network,
  Play,
  Plus,
  Redo2,
  Rocket,
  Undo2,
  X,
} from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { CopiedNodes, copyNodes, pasteNodes } from '#core/automation/draft/copy-nodes.js';
import { triggerId } from '#core/automation/draft/draft.js';
import {
  addNode,
  canConnect,
  connect,
  disconnect,
  type Place,
  placeNodes,
  removeNodes,
} from '#core/automation/draft/edit-draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { messageOf } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { Tooltip } from '../../components/ui/tooltip.js';
import { AutomationCanvas } from '../canvas/automation-canvas.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { stateLooks } from '../canvas/node-state.js';
import { shownWays } from '../canvas/ways.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ForbiddenScreen, ProblemScreen } from '../shell/problem-screen.js';
import { ConflictNotice, PublishDialog } from './dialogs.js';
import type { DraftState } from './draft-store.js';
import { Inspector } from './inspector.js';
import { newNode } from './new-node.js';
import { Palette } from './palette.js';
import { StepList } from './step-list.js';
import { useBuilderKeys } from './use-builder-keys.js';
import { type Automation, useAutomation, useDraft } from './use-draft.js';
import { useIssues } from './use-issues.js';
import { useTestRun } from './use-test-run.js';

/** Where an automation is built. */
export function BuilderScreen() {
  const { automationId } = useParams({ from: '/app/automations/$automationId/edit' });
  const { may } = useRights();
  const automation = useAutomation(automationId);
  if (!may('automations:read') || !may('automations:update')) return <ForbiddenScreen />;
  if (automation.isPending) return <SkeletonRows />;
  if (automation.error) return <ProblemScreen error={automation.error} retry={automation.refetch} />;
  return <Builder key={automationId} automation={automation.data} />;
}

function Builder({ automation }: { automation: Automation }) {
  const { id, name, publishedVersion } = automation;
  const { may } = useRights();
  const { view } = useSearch({ strict: false });
  const { store, state } = useDraft(automation);
  const draft = state.history.present;
  const { issues, byNode } = useIssues(draft);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [adding, setAdding] = useState<{ place: Place | undefined }>();
  const [added, setAdded] = useState<string>();
  const [isPublishing, setPublishing] = useState(false);
  const test = useTestRun(id);
  const existing = selected.filter(
    (entry) => entry === triggerId || draft.nodes.some((node) => node.id === entry),
  );
  const [only] = existing.length === 1 ? existing : [];
  const { pinned } = draft;
  const data = useMemo(() => previewData(test.data, pinned), [test.data, pinned]);

  const edit = {
    remove: (ids: readonly string[]) => {
      store.change((present) => removeNodes(present, ids));
      setSelected([]);
    },
    copy: () => {
      const copied = copyNodes(store.draft, existing);
      if (!copied) return undefined;
      toast(`${copied.nodes.length} ${copied.nodes.length === 1 ? 'step' : 'steps'} copied`);
      return JSON.stringify(copied, null, 2);
    },
    paste: (text: string) => {
      const copied = CopiedNodes.safeParse(parseJson(text)).data;
      if (!copied) return;
      const pasted = pasteNodes(store.draft, copied);
      store.change(() => pasted.draft);
      setSelected(pasted.ids);
    },
    duplicate: (ids: readonly string[]) => {
      const copied = copyNodes(store.draft, ids);
      if (copied) edit.paste(JSON.stringify(copied));
    },
  };
  useBuilderKeys({
    add: () => setAdding({ place: placeAfter(draft, only) }),
    remove: () => edit.remove(existing),
    duplicate: () => edit.duplicate(existing),
    undo: store.undo,
    redo: store.redo,
    unselect: () => setSelected([]),
    publish: () => setPublishing(true),
    copied: edit.copy,
    paste: edit.paste,
  });

  const runTest = (mode?: { mode: 'step' | 'from'; step: string }) => {
    const fromRun = test.run && mode ? { fromRun: test.run.id } : {};
    test.start.mutate(
      { draft: { ...store.draft }, useSample: pinned?.trigger === undefined, ...mode, ...fromRun },
      { onError: (error) => toast.error(messageOf(error)) },
    );
  };
  const isList = view === 'list';
  return (
    <>
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
              <Button onClick={() => runTest()} disabled={test.start.isPending}>
                <Play aria-hidden />
                Test
              </Button>
            )}
            {may('automations:publish') && (
              <Button look="primary" onClick={() => setPublishing(true)}>
                <Rocket aria-hidden />
                Publish
              </Button>
            )}
          </>
        }
      >
        <SavingNote state={state} onRetry={() => void store.flush().catch(() => {})} />
        <span className="whitespace-nowrap text-mini text-soft">
          {publishedVersion === null ? 'Not published yet' : `Version ${publishedVersion} is published`}
          {issues.length > 0 && ` · ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`}
        </span>
        <Tools
          isList={isList}
          onAdd={() => setAdding({ place: placeAfter(draft, only) })}
          canUndo={state.history.past.length > 0}
          canRedo={state.history.future.length > 0}
          onUndo={store.undo}
          onRedo={store.redo}
        />
      </PageHeader>
      {state.saving === 'conflict' && <ConflictNotice store={store} />}
      {test.run && (
        <div
          role="status"
          className="flex items-center gap-2 border-line border-b bg-side px-4 py-1.5 md:px-6"
        >
          <span className={stateLooks[test.run.status].look}>Test: {stateLooks[test.run.status].label}</span>
          <span className="mr-auto truncate text-soft">{test.run.error?.message}</span>
          {only !== undefined && only !== triggerId && (
            <>
              <Button size="small" onClick={() => runTest({ mode: 'step', step: only })}>
                Test this step
              </Button>
              <Button size="small" onClick={() => runTest({ mode: 'from', step: only })}>
                Test from here
              </Button>
            </>
          )}
          <Button look="ghost" size="icon" aria-label="Hide the test" onClick={test.forget}>
            <X aria-hidden />
          </Button>
        </div>
      )}
      <div className="relative flex min-h-0 flex-1">
        <div className="min-w-0 flex-1">
          {isList ? (
            <div className="flex h-full flex-col">
              <StepList
                draft={draft}
                selected={existing}
                issues={byNode}
                states={test.states}
                onSelect={setSelected}
                onAdd={(place) => setAdding({ place })}
                onConnect={(connection) => store.change((present) => connect(present, connection))}
                onDisconnect={(connection) => store.change((present) => disconnect(present, connection))}
                onDelete={(node) => edit.remove([node])}
              />
            </div>
          ) : (
            <AutomationCanvas
              definition={draft}
              states={test.states}
              issues={byNode}
              selected={existing}
              onSelect={setSelected}
              editing={{
                onAdd: (place) => setAdding({ place }),
                onConnect: (connection) => store.change((present) => connect(present, connection)),
                canConnect: (connection) => canConnect(draft, connection),
                onMove: (positions) => store.change((present) => placeNodes(present, positions)),
                onRemoveEdge: (connection) => store.change((present) => disconnect(present, connection)),
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
          )}
        </div>
        {only !== undefined && (
          <Inspector
            key={only}
            draft={draft}
            id={only}
            isNew={only === added}
            issues={issues.filter(({ node }) => node === only)}
            data={data}
            change={store.change}
            onClose={() => setSelected([])}
            onDelete={() => edit.remove([only])}
            onDuplicate={() => edit.duplicate([only])}
          />
        )}
      </div>
      {adding && (
        <Palette
          about={wordsOfPlace(draft, adding.place)}
          onClose={() => setAdding(undefined)}
          onChoose={(offer) => {
            const node = newNode(store.draft, offer);
            store.change((present) => addNode(present, node, adding.place));
            setAdding(undefined);
            setSelected([node.id]);
            setAdded(node.id);
          }}
        />
      )}
      {isPublishing && <PublishDialog id={id} store={store} onClose={() => setPublishing(false)} />}
    </>
  );
}

function SavingNote({ state, onRetry }: { state: DraftState; onRetry(): void }) {
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

function Tools({
  isList,
  canUndo,
  canRedo,
  onAdd,
  onUndo,
  onRedo,
}: {
  isList: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onAdd(): void;
  onUndo(): void;
  onRedo(): void;
}) {
  return (
    <div className="flex items-center gap-0.5">
      <Tooltip text="Add a step" keys="a">
        <Button look="ghost" size="icon" aria-label="Add a step" onClick={onAdd}>
          <Plus aria-hidden />
        </Button>
      </Tooltip>
      <Tooltip text="Undo" keys="z">
        <Button look="ghost" size="icon" aria-label="Undo" disabled={!canUndo} onClick={onUndo}>
          <Undo2 aria-hidden />
        </Button>
      </Tooltip>
      <Tooltip text="Redo" keys="Shift+z">
        <Button look="ghost" size="icon" aria-label="Redo" disabled={!canRedo} onClick={onRedo}>
          <Redo2 aria-hidden />
        </Button>
      </Tooltip>
      <Button asChild look="ghost" size="small">
        <Link to="." search={isList ? {} : { view: 'list' }} replace>
          {isList ? <Network aria-hidden /> : <List aria-hidden />}
          {isList ? 'Canvas' : 'List'}
        </Link>
      </Button>
    </div>
  );
}

type Steps = Parameters<typeof placeNodes>[0];

/** Behind the chosen step, by its first way that is open; behind the last step where none is chosen. */
function placeAfter({ nodes, edges }: Steps, id: string | undefined): Place | undefined {
  const source = id ?? nodes.at(-1)?.id ?? triggerId;
  const node = nodes.find((entry) => entry.id === source);
  const ways = shownWays(node, edges).filter(({ handle }) => handle !== 'error');
  const open = ways.find(
    ({ handle }) => !edges.some((edge) => edge.source === source && handleOf(edge) === handle),
  );
  const handle = (open ?? ways[0])?.handle;
  return handle === undefined ? undefined : { source, handle };
}

function wordsOfPlace(draft: Steps, place: Place | undefined): string {
  if (!place) return 'that nothing leads to yet';
  const node = draft.nodes.find(({ id }) => id === place.source);
  return `after ${(node ? lookOfNode(node) : lookOfTrigger(draft.trigger)).title}`;
}

/** What people have pinned goes before what a test gave. */
function previewData(data: Readonly<Record<string, unknown>>, pinned: Steps['pinned']) {
  const steps = Object.entries(pinned?.steps ?? {}).map(([id, output]) => [id, { output }]);
  return {
    ...data,
    ...(pinned?.trigger && { trigger: pinned.trigger }),
    steps: { ...Object(data.steps), ...Object.fromEntries(steps) },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
