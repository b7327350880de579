import { momentText, wholeMomentText } from '../resources/moments.js';
import type { Row } from '../resources/resource.js';
import type { TableColumn } from '../resources/resource-table.js';
import { type Automation, triggerOf } from './automation.js';
import { Sparkline } from './sparkline.js';
import { StatusSwitch } from './status-switch.js';
import type { RecentRun } from './use-activity.js';
import type { useChosen } from './use-chosen.js';

/** The columns of the list of automations. */
export function automationColumns({
  items,
  areDeleted,
  isChosen,
  toggle,
  activity,
}: Pick<ReturnType<typeof useChosen>, 'isChosen' | 'toggle'> & {
  items: readonly Automation[];
  areDeleted: boolean;
  activity: ReadonlyMap<string, readonly RecentRun[]>;
}): readonly TableColumn[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const ofRow = (row: Row, draw: (automation: Automation) => React.ReactNode) => {
    const automation = byId.get(row.id);
    return automation && draw(automation);
  };
  const name: TableColumn = {
    field: 'name',
    width: 3,
    cell: (row) =>
      ofRow(row, (automation) => (
        <span className="flex min-w-0 items-center gap-3">
          <input
            type="checkbox"
            aria-label={`Choose ${automation.name}`}
            checked={isChosen(automation.id)}
            onClick={(event) => event.stopPropagation()}
            onChange={({ target }) => toggle(automation, target.checked)}
            className="size-3.5 shrink-0 accent-accent"
          />
          <span className="truncate font-medium">{automation.name}</span>
        </span>
      )),
  };
  const trigger: TableColumn = {
    field: 'trigger',
    width: 2,
    isMinor: true,
    cell: (row) =>
      ofRow(row, (automation) => <span className="truncate text-soft">{triggerOf(automation)}</span>),
  };
  const owner: TableColumn = { field: 'ownerId', label: 'Owner', isMinor: true };
  if (areDeleted) {
    const deleted: TableColumn = {
      field: 'deletedAt',
      label: 'Deleted',
      cell: (row) => ofRow(row, ({ deletedAt }) => deletedAt && <Moment at={deletedAt} />),
    };
    return [name, deleted, trigger, owner];
  }
  return [
    name,
    {
      field: 'status',
      width: 1,
      cell: (row) => ofRow(row, (automation) => <StatusSwitch automation={automation} />),
    },
    trigger,
    {
      field: 'runs',
      label: 'Last runs',
      width: 2,
      isMinor: true,
      cell: (row) => <Sparkline runs={activity.get(row.id) ?? []} />,
    },
    {
      field: 'lastRun',
      label: 'Last run',
      isMinor: true,
      cell: (row) => {
        const [last] = activity.get(row.id) ?? [];
        return last && <Moment at={last.createdAt} />;
      },
    },
    owner,
  ];
}

function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={wholeMomentText(at)} className="text-soft">
      {momentText(at)}
    </time>
  );
}
