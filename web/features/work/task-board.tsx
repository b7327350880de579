import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { SkeletonRows } from '../../components/ui/states.js';
import type { Resource } from '../resources/resource.js';
import { usePeople } from '../resources/use-people.js';
import type { ListRequest } from '../resources/use-resource-list.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { BoardColumn } from './board-column.js';
import {
  type Columns,
  carry,
  columnOf,
  isWhereItWas,
  moveByKey,
  moveOf,
  neighbourOf,
  reorder,
} from './board-columns.js';
import { NoTasks, type NoTasksProps } from './no-tasks.js';
import { statuses, statusLooks, type Task } from './task.js';
import { TaskCard } from './task-card.js';
import type { ChangeTask } from './task-pickers.js';
import { useBoardTasks } from './use-board-tasks.js';
import { useMoveTask } from './use-move-task.js';

export interface TaskBoardProps {
  resource: Resource;
  request: ListRequest;
  onChange: ChangeTask | undefined;
  empty: NoTasksProps;
}

/**
 * Tasks in a column for each status. They are moved by dragging, or with Shift and an arrow; what a key has done is
 * told to screen readers.
 */
export function TaskBoard({ resource, request, onChange, empty }: TaskBoardProps) {
  const board = useBoardTasks(resource, request);
  if (board.isPending) return <SkeletonRows />;
  if (board.error && board.isEmpty) return <ProblemScreen error={board.error} retry={board.refetch} />;
  if (board.isEmpty) return <NoTasks {...empty} />;
  return <Board {...board} onChange={onChange} />;
}

function Board({
  lists,
  columns: settled,
  onChange,
}: Pick<ReturnType<typeof useBoardTasks>, 'lists' | 'columns'> & { onChange: ChangeTask | undefined }) {
  const people = usePeople();
  const board = useRef<HTMLDivElement>(null);
  const { mutate: move } = useMoveTask();
  const [dragged, setDragged] = useState<{ task: Task; columns: Columns }>();
  const [told, setTold] = useState('');
  const [kept, setKept] = useState<string>();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const columns = dragged?.columns ?? settled;
  const toFocus = useRef<{ id: string; since?: Columns }>(undefined);
  // A card that a key leads to, or has moved, gets the focus once it is on the page, in its new place.
  useLayoutEffect(() => {
    const wanted = toFocus.current;
    if (!wanted || wanted.since === settled) return;
    if (focusCard(board.current, wanted.id)) toFocus.current = undefined;
  });

  const focus = (id: string | undefined) => {
    if (id === undefined || focusCard(board.current, id)) return;
    toFocus.current = { id };
    setKept(id);
  };
  const onDragOver = ({ active, over }: DragOverEvent) => {
    if (!over || !dragged) return;
    const next = carry(dragged.columns, String(active.id), String(over.id));
    if (next) setDragged({ ...dragged, columns: next });
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const last = dragged?.columns;
    setDragged(undefined);
    if (!over || !last) return;
    const wanted = moveOf(reorder(last, String(active.id), String(over.id)), String(active.id));
    if (wanted && !isWhereItWas(settled, wanted)) move(wanted);
  };
  const onCardKey = (event: KeyboardEvent<HTMLElement>, task: Task) => {
    if (event.target !== event.currentTarget || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (!event.shiftKey) return focus(neighbourOf(settled, task, event.key));
    if (!onChange) return;
    const wanted = moveByKey(settled, task, event.key);
    if (!wanted) return;
    move(wanted);
    setTold(`${task.title}: ${statusLooks[wanted.status].label}`);
    setKept(task.id);
    toFocus.current = { id: task.id, since: settled };
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={cardUnderPointer}
      onDragStart={({ active }) => {
        const id = String(active.id);
        const status = columnOf(settled, id);
        const task = status && settled[status].find((one) => one.id === id);
        if (task) setDragged({ task, columns: settled });
      }}
      onDragOver={onDragOver}
      onDragEnd={onDragEnd}
      onDragCancel={() => setDragged(undefined)}
    >
      <p role="status" className="sr-only">
        {told}
      </p>
      <div ref={board} className="flex min-h-0 flex-1 snap-x gap-3 overflow-x-auto p-3 md:p-4">
        {statuses
          .filter((status) => lists[status].isShown)
          .map((status) => (
            <BoardColumn
              key={status}
              status={status}
              tasks={columns[status]}
              list={lists[status]}
              people={people}
              onChange={onChange}
              onCardKey={onCardKey}
              onCardFocus={setKept}
              draggedId={dragged?.task.id}
              keptId={kept}
            />
          ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <TaskCard
            task={dragged.task}
            people={people}
            onChange={undefined}
            className="shadow-float rotate-1"
          />
        )}
      </DragOverlay>
    </DndContext>
  );
}

/** The card under the pointer, else the column: columns are far higher than cards, so distances to them mean little. */
const cardUnderPointer: CollisionDetection = (args) => {
  const hits = pointerWithin(args);
  if (hits.length === 0) return closestCenter(args);
  const cards = hits.filter(({ id }) => !statuses.some((status) => status === id));
  return cards.length > 0 ? cards : hits;
};

/** False while it is not on the page. */
function focusCard(board: HTMLElement | null, id: string): boolean {
  const card = board?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  card?.focus();
  return card != null;
}
