import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { Tabs } from '../../components/ui/tabs.js';
import type { Resource } from '../resources/resource.js';
import type { ListRequest } from '../resources/use-resource-list.js';
import type { UrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { ChipFace } from './calendar-chip.js';
import { CalendarDay } from './calendar-day.js';
import {
  addDays,
  type Day,
  dayIn,
  daysShown,
  monthOf,
  type Span,
  spans,
  step,
  titleOf,
  weekdayText,
  wholeDayText,
} from './calendar-days.js';
import { noDay, UnscheduledTasks } from './calendar-unscheduled.js';
import type { Task } from './task.js';
import type { ChangeTask } from './task-pickers.js';
import { useCalendarTasks } from './use-calendar-tasks.js';

const CreateTask = lazy(async () => ({ default: (await import('./create-task.js')).CreateTask }));

const spanTabs = [
  { value: 'month', label: 'Month' },
  { value: 'week', label: 'Week' },
] as const;
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -7,
  ArrowDown: 7,
};

export interface TaskCalendarProps {
  resource: Resource;
  request: ListRequest;
  fields: UrlFields;
  onShow(fields: UrlFields): void;
  onChange: ChangeTask | undefined;
}

/** Tasks on the days on which they are due. They get another day by dragging, or with Shift and an arrow. */
export function TaskCalendar({ resource, request, fields, onShow, onChange }: TaskCalendarProps) {
  const span: Span = spans.find((one) => one === fields.span) ?? 'month';
  const day = dayIn(fields.day);
  const days = daysShown(day, span);
  const tasks = useCalendarTasks(resource, request, days);
  const { may } = useRights();
  const root = useRef<HTMLDivElement>(null);
  const [carried, setCarried] = useState<Task>();
  const [newOn, setNewOn] = useState<Day>();
  const [told, setTold] = useState('');
  const moved = useRef<string>(undefined);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  // A task that a key has moved is drawn anew on its new day, and gets back the focus that was lost with the old place.
  useLayoutEffect(() => {
    if (moved.current === undefined || document.activeElement !== document.body) return;
    root.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(moved.current)}"]`)?.focus();
  });

  const put = (task: Task, dueDate: Day | null) => {
    if (!onChange || task.dueDate === dueDate) return;
    onChange(task, { dueDate });
    setTold(`${task.title}: ${dueDate === null ? 'no day' : wholeDayText(dueDate)}`);
  };
  const onDragEnd = ({ over }: DragEndEvent) => {
    if (carried && over) put(carried, over.id === noDay ? null : String(over.id));
    setCarried(undefined);
  };
  const onMoveKey = (event: KeyboardEvent<HTMLElement>, task: Task) => {
    const isTaken = event.key === 'Delete' || event.key === 'Backspace';
    const by = keySteps[event.key];
    if (by !== undefined && !event.shiftKey) return walk(event, root.current, by);
    if (!onChange || (!isTaken && by === undefined)) return;
    event.preventDefault();
    moved.current = task.id;
    if (isTaken || by === undefined) return put(task, null);
    // One without a day comes to the day that the calendar stands on.
    const next = task.dueDate === null ? day : addDays(task.dueDate, by);
    put(task, next);
    if (!days.includes(next)) onShow({ day: next });
  };
  const all = [...tasks.byDay.values()].flat().concat(tasks.unscheduled);

  if (tasks.isPending) return <SkeletonRows />;
  if (tasks.error && all.length === 0) return <ProblemScreen error={tasks.error} retry={tasks.refetch} />;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }) => {
        moved.current = undefined;
        setCarried(all.find(({ id }) => id === active.id));
      }}
      onDragEnd={onDragEnd}
      onDragCancel={() => setCarried(undefined)}
    >
      <p role="status" className="sr-only">
        {told}
      </p>
      <div ref={root} className="flex min-h-0 flex-1 flex-col max-md:overflow-y-auto md:flex-row">
        <div className="flex min-w-0 flex-1 flex-col md:min-h-0">
          <div className="flex h-11 shrink-0 items-center gap-1 px-3 md:px-6">
            <h2 className="mr-auto font-medium">{titleOf(day, span)}</h2>
            <Tabs
              label="Span"
              tabs={spanTabs}
              chosen={span}
              onChoose={(value) => onShow({ span: value === 'month' ? undefined : value })}
            />
            <Button size="small" look="ghost" onClick={() => onShow({ day: undefined })}>
              Today
            </Button>
            <Button
              size="icon"
              look="ghost"
              aria-label={`The ${span} before`}
              onClick={() => onShow({ day: step(day, span, -1) })}
            >
              <ChevronLeft aria-hidden />
            </Button>
            <Button
              size="icon"
              look="ghost"
              aria-label={`The ${span} after`}
              onClick={() => onShow({ day: step(day, span, 1) })}
            >
              <ChevronRight aria-hidden />
            </Button>
          </div>
          <div aria-hidden className="hidden grid-cols-7 border-line border-y text-mini text-soft md:grid">
            {days.slice(0, 7).map((one) => (
              <span key={one} className="px-2.5 py-1">
                {weekdayText(one)}
              </span>
            ))}
          </div>
          <div
            className={classNames(
              'grid flex-1 grid-cols-1 content-start md:min-h-0 md:grid-cols-7 md:content-stretch md:overflow-y-auto',
              span === 'month' ? 'md:auto-rows-fr' : 'md:grid-rows-1',
            )}
          >
            {days.map((one) => (
              <CalendarDay
                key={one}
                day={one}
                span={span}
                isOutside={span === 'month' && monthOf(one) !== monthOf(day)}
                tasks={tasks.byDay.get(one) ?? none}
                isMovable={onChange !== undefined}
                onMoveKey={onMoveKey}
                onShowWeek={() => onShow({ span: 'week', day: one })}
                onAdd={may('tasks:create') ? () => setNewOn(one) : undefined}
              />
            ))}
          </div>
        </div>
        <UnscheduledTasks
          tasks={tasks.unscheduled}
          hasMore={tasks.hasMoreUnscheduled}
          onMore={tasks.readMoreUnscheduled}
          isMovable={onChange !== undefined}
          onMoveKey={onMoveKey}
        />
      </div>
      <DragOverlay dropAnimation={null}>{carried && <ChipFace task={carried} isCarried />}</DragOverlay>
      <Suspense>
        {newOn !== undefined && (
          <CreateTask
            projectId={request.projectId}
            dueDate={newOn}
            onOpenChange={() => setNewOn(undefined)}
          />
        )}
      </Suspense>
    </DndContext>
  );
}

const none: readonly Task[] = [];

/** To the task before or after, as they stand. */
function walk(event: KeyboardEvent<HTMLElement>, root: HTMLElement | null, by: number): void {
  event.preventDefault();
  const cards = [...(root?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
  cards[cards.indexOf(event.currentTarget) + Math.sign(by)]?.focus();
}
