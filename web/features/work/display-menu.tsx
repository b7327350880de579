import { Check, SlidersHorizontal } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Select } from '../../components/ui/field.js';
import { type Grouping, groupings } from './group-tasks.js';
import { columnLabels, type TaskColumn, taskColumns } from './task-columns.js';

/** Orders of the list, as the API names them. */
export const sortLabels: Readonly<Record<string, string>> = {
  rank: 'As on the board',
  '-priority': 'Most urgent first',
  dueDate: 'Due first',
  '-updatedAt': 'Changed last',
  '-createdAt': 'Newest first',
  title: 'By title',
};

const groupingLabels: Readonly<Record<Grouping, string>> = {
  status: 'Status',
  priority: 'Priority',
  assignee: 'Assignee',
  none: 'No groups',
};

export interface DisplayMenuProps {
  grouping: Grouping;
  sort: string;
  columns: readonly TaskColumn[];
  onGroup(grouping: Grouping): void;
  onSort(sort: string): void;
  onColumns(columns: readonly TaskColumn[]): void;
}

/** How the list is grouped and ordered, and what its rows show. */
export function DisplayMenu({ grouping, sort, columns, onGroup, onSort, onColumns }: DisplayMenuProps) {
  const id = useId();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button size="small" look="ghost">
          <SlidersHorizontal aria-hidden className="size-3.5" />
          Display
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label="Display"
          className="enter z-50 grid w-72 gap-3 rounded-lg border border-line bg-raised p-3 shadow-float"
        >
          <div className="grid grid-cols-[5rem_minmax(0,1fr)] items-center gap-2">
            <label htmlFor={`${id}-group`} className="text-soft">
              Group by
            </label>
            <Select
              id={`${id}-group`}
              className="h-7.5"
              value={grouping}
              onChange={({ target }) => onGroup(groupings.find((one) => one === target.value) ?? 'status')}
            >
              {groupings.map((value) => (
                <option key={value} value={value}>
                  {groupingLabels[value]}
                </option>
              ))}
            </Select>
            <label htmlFor={`${id}-sort`} className="text-soft">
              Order
            </label>
            <Select
              id={`${id}-sort`}
              className="h-7.5"
              value={sort}
              onChange={({ target }) => onSort(target.value)}
            >
              {Object.entries(sortLabels).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </div>
          <fieldset className="grid gap-2">
            <legend className="mb-2 text-mini text-soft">Columns</legend>
            <div className="flex flex-wrap gap-1.5">
              {taskColumns.map((column) => {
                const isOn = columns.includes(column);
                return (
                  <button
                    key={column}
                    type="button"
                    aria-pressed={isOn}
                    onClick={() =>
                      onColumns(isOn ? columns.filter((one) => one !== column) : [...columns, column])
                    }
                    className={classNames(
                      'inline-flex h-6.5 items-center gap-1 rounded-md border px-2 text-mini',
                      isOn ? 'border-line-strong bg-active' : 'border-line text-soft hover:bg-hover',
                    )}
                  >
                    {isOn && <Check aria-hidden className="size-3" />}
                    {columnLabels[column]}
                  </button>
                );
              })}
            </div>
          </fieldset>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
