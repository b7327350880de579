import { and, asc, desc, eq, getTableColumns, gt, isNull, lt, ne, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { projects, tasks } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { projectPolicy } from '#runtime/policies/project-visibility.js';
import { rankAtEnd, rankAtStart, rankBetween } from './rank.js';
import { Task, TaskStatus, taskEvents } from './task.js';

const MoveTask = z
  .strictObject({
    id: z.uuid(),
    status: TaskStatus,
    after: z.uuid().optional().describe('Task right above its new place'),
    before: z.uuid().optional().describe('Task right below its new place'),
  })
  .refine(({ after, before }) => !after || !before, {
    path: ['before'],
    message: 'give after or before, not both',
  });

type Move = z.output<typeof MoveTask>;

const { search: _search, ...taskFields } = getTableColumns(tasks);

/**
 * Puts a task into a column of the board: after or before another task of it, else at its end. Moves within one
 * project follow one another, so two at once both count. Throws `not_found`, and `validation` for a neighbour that
 * is not in that column.
 */
export const moveTask = defineAction({
  name: 'tasks.move',
  title: 'Move task',
  description: 'Gives a task another status or another place among the tasks of its status.',
  permission: 'tasks:update',
  effect: 'write',
  http: { method: 'post', path: '/tasks/:id/move' },
  input: MoveTask,
  output: Task,
  emits: [taskEvents.moved.type],
  async run(context: DomainContext, move) {
    const { projectId, previousStatus } = await lockBoard(context, move.id);
    const rank = await rankFor(context, projectId, move);
    const [moved] = await context.db
      .update(tasks)
      .set({ status: move.status, rank, version: sql`${tasks.version} + 1`, updatedAt: sql`now()` })
      .where(and(eq(tasks.orgId, context.actor.orgId), eq(tasks.id, move.id), isNull(tasks.deletedAt)))
      .returning(taskFields);
    if (!moved) throw noTask();
    context.emit(taskEvents.moved, { ...moved, previousStatus });
    return moved;
  },
});

/** Finds the task's project and lets no other move into it until the transaction ends. */
async function lockBoard({ db, actor }: DomainContext, id: string) {
  const [found] = await db
    .select({ projectId: tasks.projectId, previousStatus: tasks.status })
    .from(tasks)
    .innerJoin(projects, and(eq(projects.orgId, tasks.orgId), eq(projects.id, tasks.projectId)))
    .where(
      and(
        eq(tasks.orgId, actor.orgId),
        eq(tasks.id, id),
        isNull(tasks.deletedAt),
        isNull(projects.deletedAt),
        projectPolicy(actor),
      ),
    )
    .for('no key update');
  if (!found) throw noTask();
  return found;
}

async function rankFor({ db, actor }: DomainContext, projectId: string, move: Move): Promise<string> {
  const { after, before, status, id } = move;
  const column = and(
    eq(tasks.orgId, actor.orgId),
    eq(tasks.projectId, projectId),
    eq(tasks.status, status),
    isNull(tasks.deletedAt),
    ne(tasks.id, id),
  );
  if (after !== undefined) {
    const low = await leastRank(db, and(column, eq(tasks.id, after)));
    if (low === null) throw notInColumn('after', status);
    const high = await leastRank(db, and(column, gt(tasks.rank, low)));
    return high === null ? rankAtEnd(low, Date.now()) : rankBetween(low, high);
  }
  if (before !== undefined) {
    const high = await leastRank(db, and(column, eq(tasks.id, before)));
    if (high === null) throw notInColumn('before', status);
    const low = await greatestRank(db, and(column, lt(tasks.rank, high)));
    return low === null ? rankAtStart(high, Date.now()) : rankBetween(low, high);
  }
  return rankAtEnd(await greatestRank(db, column), Date.now());
}

async function leastRank(db: Transaction, where: SQL | undefined): Promise<string | null> {
  const [row] = await db
    .select({ rank: tasks.rank })
    .from(tasks)
    .where(where)
    .orderBy(asc(tasks.rank))
    .limit(1);
  return row?.rank ?? null;
}

async function greatestRank(db: Transaction, where: SQL | undefined): Promise<string | null> {
  const [row] = await db
    .select({ rank: tasks.rank })
    .from(tasks)
    .where(where)
    .orderBy(desc(tasks.rank))
    .limit(1);
  return row?.rank ?? null;
}

function noTask(): AppError {
  return new AppError('not_found', 'There is no such task');
}

function notInColumn(path: 'after' | 'before', status: string): AppError {
  return invalidField({ path, message: `is not a task of this project with status ${status}` });
}
