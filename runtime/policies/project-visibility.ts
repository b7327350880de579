import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { isPermitted } from '#core/permission.js';
import { projectMembers, projects } from '#db/schema/index.js';
import type { Actor } from '../caller.js';

/** Holders see every project, and say who belongs to which. */
export const manageProjects = 'projects:manage';

/** Key of the role that sees only the projects to which it was added. */
const guestRole = 'guest';

/**
 * The condition for rows of `projects` that an actor may know of; undefined where it is all of them. It follows the
 * person on whose behalf they act: scopes of keys and grants narrow what is done, not with which projects.
 */
export function projectPolicy({
  role,
  permissions,
  userId,
}: Pick<Actor, 'role' | 'permissions' | 'userId'>): SQL | undefined {
  if (isPermitted(permissions, manageProjects)) return undefined;
  const isMember = memberOfProject(sql`${userId}::uuid`);
  return isGuest({ role }) ? isMember : or(eq(projects.visibility, 'organization'), isMember);
}

/** True for people who see only what they were added to. */
export function isGuest({ role }: { role?: string | undefined }): boolean {
  return role === guestRole;
}

/** The same for the person of a grant, or another, in a statement that joins `members m` and `roles r` of theirs. */
export const projectPolicyOfGrant: SQL = sql`(
  r.permissions && ARRAY['*', 'projects:*', ${sql.raw(`'${manageProjects}'`)}]
  OR (${projects.visibility} = 'organization' AND r.key <> ${sql.raw(`'${guestRole}'`)})
  OR ${memberOfProject(sql`m.user_id`)})`;

/** The condition for a row of another table that belongs to a project, by the id of that; undefined where all may be known. */
export function inVisibleProject(actor: Actor, orgId: SQL, projectId: SQL): SQL | undefined {
  const policy = projectPolicy(actor);
  if (!policy) return undefined;
  return sql`EXISTS (SELECT FROM ${projects} WHERE ${and(
    sql`${projects.orgId} = ${orgId}`,
    sql`${projects.id} = ${projectId}`,
    policy,
  )})`;
}

function memberOfProject(userId: SQL): SQL {
  return sql`EXISTS (SELECT FROM ${projectMembers} WHERE ${projectMembers.orgId} = ${projects.orgId}
    AND ${projectMembers.projectId} = ${projects.id} AND ${projectMembers.userId} = ${userId})`;
}
