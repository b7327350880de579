import { and, eq } from 'drizzle-orm';
import type { ErrorIssue } from '#core/errors.js';
import { isPermitted } from '#core/permission.js';
import { projectMembers } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { manageProjects } from '#runtime/policies/project-visibility.js';

/** Finds fault with who changes for whom a project is there without belonging to it, and so might shut themselves out. */
export async function checkVisibility(
  { db, actor }: DomainContext,
  { visibility }: { visibility?: string | undefined },
  id: string | undefined,
): Promise<ErrorIssue[]> {
  if (visibility === undefined || id === undefined || isPermitted(actor.permissions, manageProjects))
    return [];
  const [member] = await db
    .select({ userId: projectMembers.userId })
    .from(projectMembers)
    .where(
      and(
        eq(projectMembers.orgId, actor.orgId),
        eq(projectMembers.projectId, id),
        eq(projectMembers.userId, actor.userId),
      ),
    );
  return member ? [] : [{ path: 'visibility', message: 'is changed by people of the project' }];
}

/** Whoever makes a project belongs to it. */
export async function addMaker({ db, actor }: DomainContext, { id }: { id: string }): Promise<void> {
  const { orgId, userId } = actor;
  await db.insert(projectMembers).values({ orgId, projectId: id, userId }).onConflictDoNothing();
}
