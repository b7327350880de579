import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { events, projects } from '#db/schema/index.js';
import type { Actor } from '../caller.js';
import { inVisibleProject, isGuest, projectPolicyOfGrant } from './project-visibility.js';

const OfProject = z.looseObject({ id: z.uuid() });
const OfTask = z.looseObject({ projectId: z.uuid().nullable() });

/** The project that an event tells of; null for an event that tells of none. */
export function projectOfEvent(type: string, payload: unknown): string | null {
  if (type.startsWith('project.')) return OfProject.safeParse(payload).data?.id ?? null;
  if (type.startsWith('task.') || type.startsWith('task_view.'))
    return OfTask.safeParse(payload).data?.projectId ?? null;
  return null;
}

/**
 * The condition for events that an actor may know of; undefined where it is all of them. Guests know of what happens to
 * their projects and the tasks of these, and of nothing else.
 */
export function eventPolicy(actor: Actor): SQL | undefined {
  const { type, payload } = events;
  const isOfTask = sql`(${type} LIKE 'task.%' OR ${type} LIKE 'task\\_view.%')`;
  const projectId = sql`(CASE WHEN ${type} LIKE 'project.%' THEN ${payload} ->> 'id'
    WHEN ${isOfTask} THEN ${payload} ->> 'projectId' END)::uuid`;
  const isVisible = inVisibleProject(actor, sql`${events.orgId}`, projectId);
  if (!isVisible) return undefined;
  const isOfView = sql`(${type} LIKE 'task\\_view.%' AND ${payload} ->> 'projectId' IS NULL)`;
  if (isGuest(actor)) return sql`(${isOfView} OR ${isVisible})`;
  return sql`((${type} NOT LIKE 'project.%' AND NOT ${isOfTask}) OR ${isOfView} OR ${isVisible})`;
}

/** Of these projects and grants, the pairs where the grant's person may not know of the project: `grant project`. */
export async function hiddenFromGrants(
  db: Transaction,
  projectIds: readonly string[],
  grantIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (projectIds.length === 0 || grantIds.length === 0) return new Set();
  const rows = await db.execute<{ pair: string }>(sql`
    SELECT g.id || ' ' || ${projects.id} AS pair FROM grants g
    JOIN members m ON m.org_id = g.org_id AND m.user_id = g.on_behalf_of
    JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
    JOIN ${projects} ON ${projects.orgId} = g.org_id
    WHERE g.id = ANY(${sql.param([...new Set(grantIds)])}::uuid[])
      AND ${projects.id} = ANY(${sql.param([...new Set(projectIds)])}::uuid[])
      AND NOT ${projectPolicyOfGrant}`);
  return new Set(rows.map(({ pair }) => pair));
}

/** Of these projects and people, the pairs where the person may not know of the project: `user project`. */
export async function hiddenFromPeople(
  db: Transaction,
  projectIds: readonly string[],
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (projectIds.length === 0 || userIds.length === 0) return new Set();
  const rows = await db.execute<{ pair: string }>(sql`
    SELECT m.user_id || ' ' || ${projects.id} AS pair FROM members m
    JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
    JOIN ${projects} ON ${projects.orgId} = m.org_id
    WHERE m.user_id = ANY(${sql.param([...new Set(userIds)])}::uuid[])
      AND ${projects.id} = ANY(${sql.param([...new Set(projectIds)])}::uuid[])
      AND NOT ${projectPolicyOfGrant}`);
  return new Set(rows.map(({ pair }) => pair));
}
