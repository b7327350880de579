import { triggerId } from '#core/automation/draft/draft.js';
import type { Difference } from '#core/automation/draft/overlay.js';
import { differenceLooks } from '../canvas/difference-looks.js';
import type { DefinitionDiff } from './use-versions.js';

type Change = DefinitionDiff['trigger'][number];

/** Everything that is different, field by field. */
export function VersionDiff({
  diff,
  titleOf,
  onSelect,
}: {
  diff: DefinitionDiff;
  titleOf(id: string): string;
  onSelect(id: string): void;
}) {
  const { nodes, edges, trigger, settings, name, other, layoutChanges } = diff;
  if (!diff.isChanged) {
    return (
      <p className="text-soft">
        They do the same{layoutChanges > 0 && '; only the places of steps and notes differ'}.
      </p>
    );
  }
  return (
    <div className="grid gap-4">
      {name.length > 0 && <Part title="Name" difference="changed" changes={name} />}
      {trigger.length > 0 && (
        <Part
          title={titleOf(triggerId)}
          difference="changed"
          changes={trigger}
          onSelect={() => onSelect(triggerId)}
        />
      )}
      {(['added', 'removed', 'changed'] as const).flatMap((difference) =>
        nodes[difference].map((node) => (
          <Part
            key={node.id}
            title={titleOf(node.id)}
            difference={difference}
            changes={'changes' in node ? node.changes : []}
            onSelect={() => onSelect(node.id)}
          />
        )),
      )}
      {settings.length > 0 && <Part title="Settings" difference="changed" changes={settings} />}
      {other.length > 0 && <Part title="Other fields" difference="changed" changes={other} />}
      {(['added', 'removed'] as const).flatMap((difference) =>
        edges[difference].map(({ source, sourceHandle, target }) => (
          <Part
            key={JSON.stringify([source, sourceHandle, target])}
            title={`${titleOf(String(source))} → ${titleOf(String(target))}${sourceHandle ? ` (${String(sourceHandle)})` : ''}`}
            difference={difference}
            changes={[]}
          />
        )),
      )}
      {layoutChanges > 0 && <p className="text-mini text-soft">Places of steps or notes differ too.</p>}
    </div>
  );
}

function Part({
  title,
  difference,
  changes,
  onSelect,
}: {
  title: string;
  difference: Difference;
  changes: readonly Change[];
  onSelect?: () => void;
}) {
  const look = differenceLooks[difference];
  return (
    <section aria-label={`${title}: ${look.label}`} className="grid gap-1.5">
      <h3 className="flex items-baseline justify-between gap-2">
        {onSelect ? (
          <button type="button" className="truncate rounded font-medium hover:underline" onClick={onSelect}>
            {title}
          </button>
        ) : (
          <span className="truncate font-medium">{title}</span>
        )}
        <span className={`shrink-0 text-mini ${look.text}`}>{look.label}</span>
      </h3>
      {changes.length > 0 && (
        <dl className="grid gap-1.5 border-line border-l-2 pl-3">
          {changes.map((change) => (
            <div key={change.path} className="grid gap-0.5">
              <dt className="break-words text-mini text-soft">{change.path || 'All of it'}</dt>
              {'before' in change && (
                <Value mark="−" name="before" value={change.before} className="text-danger" />
              )}
              {'after' in change && (
                <Value mark="+" name="after" value={change.after} className="text-success" />
              )}
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Value({
  mark,
  name,
  value,
  className,
}: {
  mark: string;
  name: string;
  value: unknown;
  className: string;
}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <dd className={`flex gap-2 font-mono text-[11.5px] leading-4.5 ${className}`}>
      <span aria-hidden>{mark}</span>
      <span className="sr-only">{name}</span>
      <span className="min-w-0 whitespace-pre-wrap break-words">{text === '' ? '(empty)' : text}</span>
    </dd>
  );
}
