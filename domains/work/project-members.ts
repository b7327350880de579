import { and, eq, getTableColumns, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { members, projectMembers, projects, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { projectPolicy } from '#runtime/policies/project-visibility.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { projectEvents } from './project.js';

const ProjectMember = z.object({
  id: z.uuid().describe('Of the project'),
  userId: z.uuid(),
});

const input = z.strictObject({ id: z.uuid(), userId: z.uuid() });
const { search: _search, ...projectFields } = getTableColumns(projects);

/** Lets a person see and work on a project. One who is in it already stays. Throws `not_found`, `validation`. */
export const addProjectMember = defineAction({
  name: 'projects.add_member',
  title: 'Add person to project',
  description: 'Lets a person see a private project, or a guest any project.',
  permission: 'projects:manage',
  effect: 'write',
  http: { method: 'post', path: '/projects/:id/members' },
  input,
  output: ProjectMember,
  emits: [projectEvents.updated.type],
  async run(context: DomainContext, { id, userId }) {
    const { db, actor } = context;
    const { orgId } = actor;
    const project = await requireProject(context, id);
    const [member] = await db
      .select({ id: members.id })
      .from(members)
      .where(and(eq(members.orgId, orgId), eq(members.userId, userId), eq(members.status, 'active')));
    if (!member) throw invalidField({ path: 'userId', message: 'is not an active member' });
    const [added] = await db
      .insert(projectMembers)
      .values({ orgId, projectId: id, userId })
      .onConflictDoNothing()
      .returning({ userId: projectMembers.userId });
    // Whoever was added sees it from now on.
    if (added) context.emit(projectEvents.updated, { ...project, changedFields: ['members'] });
    return { id, userId };
  },
});

export const removeProjectMember = defineAction({
  name: 'projects.remove_member',
  title: 'Remove person from project',
  description: 'Takes a person out of a project. What they did in it stays.',
  permission: 'projects:manage',
  effect: 'write',
  http: { method: 'delete', path: '/projects/:id/members/:userId', status: 204 },
  input,
  output: z.unknown(),
  async run({ db, actor }: DomainContext, { id, userId }) {
    const [removed] = await db
      .delete(projectMembers)
      .where(
        and(
          eq(projectMembers.orgId, actor.orgId),
          eq(projectMembers.projectId, id),
          eq(projectMembers.userId, userId),
        ),
      )
      .returning({ userId: projectMembers.userId });
    if (!removed) throw new AppError('not_found', 'There is no such person in this project');
    return null;
  },
});

const sorts = { name: byColumn(users.name), createdAt: byColumn(projectMembers.createdAt) };

export const listProjectMembers = defineAction({
  name: 'projects.list_members',
  title: 'List people of project',
  description: 'Lists the people who were added to a project.',
  permission: 'projects:read',
  effect: 'read',
  http: { method: 'get', path: '/projects/:id/members' },
  input: z.strictObject({ id: z.uuid(), ...pageInput(sorts, 'name') }),
  output: pageOutput(z.object({ id: z.uuid().describe('User'), name: z.string(), createdAt: z.string() })),
  async run(context: DomainContext, { id, ...request }) {
    const { db, actor } = context;
    await requireProject(context, id);
    const page = openPage(sorts, users.id, request);
    const rows = await db
      .select({ id: users.id, name: users.name, createdAt: projectMembers.createdAt, ...page.fields })
      .from(projectMembers)
      .innerJoin(users, eq(users.id, projectMembers.userId))
      .where(and(eq(projectMembers.orgId, actor.orgId), eq(projectMembers.projectId, id), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

async function requireProject({ db, actor }: DomainContext, id: string) {
  const [found] = await db
    .select(projectFields)
    .from(projects)
    .where(
      and(
        eq(projects.orgId, actor.orgId),
        eq(projects.id, id),
        isNull(projects.deletedAt),
        projectPolicy(actor),
      ),
    );
  if (!found) throw new AppError('not_found', 'There is no such project');
  return found;
}
