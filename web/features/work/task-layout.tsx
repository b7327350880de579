import { CalendarDays, Columns3, List } from 'lucide-react';
import { classNames } from '../../components/ui/class-names.js';

export const layouts = ['list', 'board', 'calendar'] as const;
export type TaskLayout = (typeof layouts)[number];

const looks = {
  list: { label: 'List', icon: List },
  board: { label: 'Board', icon: Columns3 },
  calendar: { label: 'Calendar', icon: CalendarDays },
} as const;

/** The layout that an address names; the list where it names none. */
export function layoutIn(text: string | undefined): TaskLayout {
  return layouts.find((layout) => layout === text) ?? 'list';
}

/** Tasks as list, board or calendar. */
export function LayoutSwitch({
  layout,
  onSwitch,
}: {
  layout: TaskLayout;
  onSwitch(layout: TaskLayout): void;
}) {
  return (
    <div role="group" aria-label="View" className="flex rounded-md border border-line-strong p-px">
      {layouts.map((value) => {
        const { label, icon: Icon } = looks[value];
        return (
          <button
            key={value}
            type="button"
            aria-pressed={value === layout}
            onClick={() => onSwitch(value)}
            className={classNames(
              'inline-flex h-6.5 items-center gap-1.5 rounded px-2 text-mini',
              value === layout ? 'bg-active font-medium' : 'text-soft hover:bg-hover',
            )}
          >
            <Icon aria-hidden className="size-3.5" />
            <span className="sr-only lg:not-sr-only">{label}</span>
          </button>
        );
      })}
    </div>
  );
}
