import { ArrowLeft, History } from 'lucide-react';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import { messageOf } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { Field, Select } from '../../components/ui/field.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { ValueTree } from '../runs/value-tree.js';
import { useRights } from '../session/use-rights.js';
import { RestoreButton, type RestoreButtonProps } from './restore-button.js';
import { SidePanel } from './side-panel.js';
import type { BuilderView } from './use-builder-view.js';
import { type useComparison, useVersions, type VersionSummary } from './use-versions.js';
import { VersionDiff } from './version-diff.js';

export interface VersionsPanelProps extends Omit<RestoreButtonProps, 'version' | 'onRestored'> {
  view: BuilderView;
  comparison: ReturnType<typeof useComparison>;
  /** Of the chosen step, while a version is looked at. */
  chosen: string | undefined;
  onSelect(id: string): void;
}

/** What was published: by whom, when and why; each to be looked at, compared and restored. */
export function VersionsPanel({ view, comparison, chosen, onSelect, ...restoring }: VersionsPanelProps) {
  const { automation } = restoring;
  const versions = useVersions(automation.id);
  const { version } = view;
  return (
    <SidePanel
      label="Versions"
      title={version === undefined ? 'Versions' : `Version ${version}`}
      icon={<History aria-hidden />}
      closeLabel="Close the versions"
      isSheet={version !== undefined}
      onClose={() => view.openPanel(undefined)}
    >
      {versions.isPending ? (
        <SkeletonRows count={4} />
      ) : versions.error ? (
        <p role="alert" className="text-danger">
          {messageOf(versions.error)}
        </p>
      ) : version === undefined ? (
        <VersionRows versions={versions} published={automation.publishedVersion} view={view} />
      ) : (
        <Looked
          view={view}
          version={version}
          all={versions.items}
          comparison={comparison}
          chosen={chosen}
          onSelect={onSelect}
          {...restoring}
        />
      )}
    </SidePanel>
  );
}

function VersionRows({
  versions: { items, hasNextPage, isFetchingNextPage, fetchNextPage },
  published,
  view,
}: {
  versions: ReturnType<typeof useVersions>;
  published: number | null;
  view: BuilderView;
}) {
  if (items.length === 0) {
    return (
      <p className="text-soft">Nothing was published yet. Each time it is, that version is kept here.</p>
    );
  }
  return (
    <>
      <ul aria-label="Versions" className="-mx-2 grid gap-0.5">
        {items.map((item) => (
          <li key={item.version}>
            <button
              type="button"
              className="grid w-full gap-0.5 rounded-md px-2 py-1.5 text-left hover:bg-hover"
              onClick={() => view.look({ version: item.version, against: 'draft' })}
            >
              <span className="flex items-baseline gap-2">
                <span className="font-medium">Version {item.version}</span>
                {item.version === published && <span className="text-mini text-success">Published</span>}
              </span>
              <Facts {...item} />
            </button>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </>
  );
}

function Facts({ note, publishedByName, createdAt }: VersionSummary) {
  return (
    <>
      <span className="line-clamp-3 whitespace-pre-wrap text-soft">
        {note || <span className="text-faint">Without a note</span>}
      </span>
      <span className="text-mini text-soft">
        {publishedByName ?? 'Somebody who has left'},{' '}
        <time dateTime={createdAt} title={wholeMomentText(createdAt)}>
          {momentText(createdAt)}
        </time>
      </span>
    </>
  );
}

function Looked({
  view,
  version,
  all,
  comparison,
  chosen,
  onSelect,
  ...restoring
}: VersionsPanelProps & { version: number; all: readonly VersionSummary[] }) {
  const { may } = useRights();
  const { definition, overlay, diff, from, to, error } = comparison;
  const summary = all.find((item) => item.version === version);
  const shown = overlay?.definition ?? definition;
  return (
    <>
      <Button
        size="small"
        look="ghost"
        className="-ml-2 justify-self-start"
        onClick={() => view.look({ version: undefined, against: undefined })}
      >
        <ArrowLeft aria-hidden />
        All versions
      </Button>
      {summary && (
        <div className="grid gap-0.5">
          <Facts {...summary} />
        </div>
      )}
      <Field
        label="Compared with"
        hint={from === undefined ? undefined : `What has changed from version ${from} to ${nameOf(to)}.`}
      >
        {(control) => (
          <Select
            {...control}
            value={view.against ?? ''}
            onChange={({ target }) => view.look({ version, against: againstOf(target.value) })}
          >
            <option value="">Nothing: only look at it</option>
            <option value="draft">The draft</option>
            {all
              .filter((item) => item.version !== version)
              .map((item) => (
                <option key={item.version} value={item.version}>
                  Version {item.version}
                </option>
              ))}
          </Select>
        )}
      </Field>
      {may('automations:update') && (
        <RestoreButton
          {...restoring}
          version={version}
          onRestored={() => view.look({ version: undefined, against: undefined })}
        />
      )}
      {error ? (
        <p role="alert" className="text-danger">
          {messageOf(error)}
        </p>
      ) : diff && shown ? (
        <VersionDiff diff={diff} titleOf={(id) => titleOf(shown, id)} onSelect={onSelect} />
      ) : view.against === undefined && definition ? (
        <ChosenStep definition={definition} chosen={chosen} />
      ) : (
        <SkeletonRows count={4} />
      )}
    </>
  );
}

/** What a version says of the step that is chosen. */
function ChosenStep({ definition, chosen }: { definition: Draft; chosen: string | undefined }) {
  const step = chosen === triggerId ? definition.trigger : definition.nodes.find(({ id }) => id === chosen);
  if (!step || chosen === undefined) return <p className="text-soft">Choose a step to see what it does.</p>;
  return (
    <section className="grid gap-2">
      <h3 className="font-medium">{titleOf(definition, chosen)}</h3>
      <ValueTree key={chosen} value={step} path="" label={`Fields of ${titleOf(definition, chosen)}`} />
    </section>
  );
}

function titleOf(definition: Draft, id: string): string {
  const node = definition.nodes.find((entry) => entry.id === id);
  if (node) return lookOfNode(node).title;
  return id === triggerId ? lookOfTrigger(definition.trigger).title : id;
}

function nameOf(side: number | 'draft' | undefined): string {
  return side === 'draft' ? 'the draft' : `version ${side}`;
}

function againstOf(value: string): number | 'draft' | undefined {
  if (value === '') return undefined;
  return value === 'draft' ? 'draft' : Number(value);
}
