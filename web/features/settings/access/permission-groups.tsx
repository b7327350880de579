import { Search } from 'lucide-react';
import { useId } from 'react';
import { EmptyState } from '../../../components/ui/states.js';
import type { PermissionGroup } from './permissions-query.js';

export interface PermissionGroupsProps {
  groups: readonly PermissionGroup[];
  /** Only those that fit it are shown. */
  wanted: string;
  chosen: ReadonlySet<string>;
  isReadOnly: boolean;
  onChoose(chosen: ReadonlySet<string>): void;
}

/** All permissions by what they are about. What the editor lacks can't be given, and says so. */
export function PermissionGroups({ groups, wanted, chosen, isReadOnly, onChoose }: PermissionGroupsProps) {
  const words = wanted.trim().toLowerCase();
  const shown = groups
    .map((group) => ({
      ...group,
      permissions: group.permissions.filter(({ permission, title, description }) =>
        `${permission} ${title} ${description}`.toLowerCase().includes(words),
      ),
    }))
    .filter(({ permissions }) => permissions.length > 0);
  const set = (permissions: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const permission of permissions) isChosen ? next.add(permission) : next.delete(permission);
    onChoose(next);
  };
  if (shown.length === 0) {
    return (
      <EmptyState icon={Search} title="Nothing fits">
        No permission is called so.
      </EmptyState>
    );
  }
  return shown.map((group) => (
    <Group key={group.resource} group={group} chosen={chosen} isReadOnly={isReadOnly} onSet={set} />
  ));
}

function Group({
  group: { title, permissions },
  chosen,
  isReadOnly,
  onSet,
}: {
  group: PermissionGroup;
  chosen: ReadonlySet<string>;
  isReadOnly: boolean;
  onSet(permissions: readonly string[], isChosen: boolean): void;
}) {
  const givable = permissions.filter(({ isHeld }) => isHeld).map(({ permission }) => permission);
  const hasAll = givable.length > 0 && givable.every((permission) => chosen.has(permission));
  return (
    <fieldset className="min-w-0 rounded-lg border border-line px-4 py-1">
      <legend className="flex items-center gap-2 px-1 font-semibold">
        {title}
        {!isReadOnly && givable.length > 1 && (
          <button
            type="button"
            className="font-normal text-accent text-mini hover:underline"
            onClick={() => onSet(givable, !hasAll)}
          >
            {hasAll ? 'None' : 'All'}
            <span className="sr-only"> of {title}</span>
          </button>
        )}
      </legend>
      {permissions.map((permission) => (
        <Permission
          key={permission.permission}
          permission={permission}
          isChosen={chosen.has(permission.permission)}
          isReadOnly={isReadOnly}
          onSet={(isChosen) => onSet([permission.permission], isChosen)}
        />
      ))}
    </fieldset>
  );
}

function Permission({
  permission: { permission, verb, description, isHeld },
  isChosen,
  isReadOnly,
  onSet,
}: {
  permission: PermissionGroup['permissions'][number];
  isChosen: boolean;
  isReadOnly: boolean;
  onSet(isChosen: boolean): void;
}) {
  const id = useId();
  // Who lacks it can't give it; taking it away is another matter.
  const isBeyond = !isHeld && !isChosen;
  return (
    <div className="flex items-start gap-3 border-line border-b py-2 last:border-b-0">
      <input
        id={id}
        type="checkbox"
        checked={isChosen}
        disabled={isReadOnly || isBeyond}
        aria-describedby={`${id}-text`}
        onChange={({ target }) => onSet(target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-2">
          <span className="first-letter:uppercase">{verb.replaceAll('_', ' ')}</span>
          <code className="text-faint text-mini">{permission}</code>
        </label>
        <p id={`${id}-text`} className="text-mini text-soft">
          {description}
          {!isReadOnly && isBeyond && (
            <span className="block text-warning">You do not hold it yourself, so you can’t give it.</span>
          )}
        </p>
      </div>
    </div>
  );
}
