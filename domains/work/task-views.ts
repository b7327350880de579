import { and, count, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, type ErrorIssue } from '#core/errors.js';
import { isPermitted } from '#core/permission.js';
import { members, projects, taskViews as table } from '#db/schema/index.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { inVisibleProject, manageProjects, projectPolicy } from '#runtime/policies/project-visibility.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { CreateTaskView, TaskView, taskViewEvents, UpdateTaskView } from './task-view.js';

/** As many as one person keeps. */
const most = 200;

/**
 * Kept ways to look at tasks. People see their own and those that are shared, of projects that they may see. They are
 * changed by their owner; shared ones also by who manages projects.
 */
export const taskViews = defineResource({
  name: 'task_views',
  singular: 'view',
  table,
  output: TaskView,
  create: CreateTaskView,
  update: UpdateTaskView,
  filters: { projectId: equals(table.projectId, z.uuid()) },
  sorts: { name: byColumn(table.name), createdAt: byColumn(table.createdAt) },
  defaultSort: 'name',
  events: taskViewEvents,
  http: { path: '/task-views' },
  policy,
  initialValues: ({ userId }) => ({ ownerId: userId }),
  async check(context, { projectId, settings }, id) {
    if (id !== undefined) await requireOwner(context, id);
    return [
      ...(id === undefined ? await checkNew(context, projectId) : []),
      ...(await checkPerson(context, settings?.filters?.assigneeId)),
    ];
  },
  checkDelete: requireOwner,
  checkRestore: requireOwner,
});

function policy(actor: Actor): SQL | undefined {
  const visible = inVisibleProject(actor, sql`${table.orgId}`, sql`${table.projectId}`);
  return and(
    or(eq(table.ownerId, actor.userId), eq(table.isShared, true)),
    visible && or(isNull(table.projectId), visible),
  );
}

/** Finds fault with a project that is not there, and with one view too many. */
async function checkNew(
  { db, actor }: DomainContext,
  projectId: string | null | undefined,
): Promise<ErrorIssue[]> {
  // Two at once are counted one after the other.
  await db.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`task_views ${actor.orgId} ${actor.userId}`}, 0))`,
  );
  const [kept] = await db
    .select({ count: count() })
    .from(table)
    .where(and(eq(table.orgId, actor.orgId), eq(table.ownerId, actor.userId), isNull(table.deletedAt)));
  if ((kept?.count ?? 0) >= most) {
    throw new AppError('conflict', `There are ${most} views already: delete one that is no longer needed`);
  }
  if (!projectId) return [];
  const [project] = await db
    .select({ id: projects.id })
    .from(projects)
    .where(
      and(
        eq(projects.orgId, actor.orgId),
        eq(projects.id, projectId),
        isNull(projects.deletedAt),
        projectPolicy(actor),
      ),
    );
  return project ? [] : [{ path: 'projectId', message: 'does not exist' }];
}

/** Finds fault with somebody who is not, and never was, a member. */
async function checkPerson({ db, actor }: DomainContext, userId: string | undefined): Promise<ErrorIssue[]> {
  if (userId === undefined) return [];
  const [member] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.orgId, actor.orgId), eq(members.userId, userId)));
  return member ? [] : [{ path: 'settings.filters.assigneeId', message: 'is not a member' }];
}

/** Throws `forbidden` unless it is the actor's to change. */
async function requireOwner({ db, actor }: DomainContext, id: string): Promise<void> {
  const [view] = await db
    .select({ ownerId: table.ownerId })
    .from(table)
    .where(and(eq(table.orgId, actor.orgId), eq(table.id, id)));
  if (view?.ownerId !== actor.userId && !isPermitted(actor.permissions, manageProjects)) {
    throw new AppError('forbidden', 'The view belongs to somebody else');
  }
}
