import { and, eq, isNull, sql } from 'drizzle-orm';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { departments, members } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** Levels, the top one included. */
export const maxDepth = 10;

interface Placing {
  parentId?: string | null | undefined;
  headId?: string | null | undefined;
}

/** Finds fault with a parent that is none, lies below the department itself, or too deep, and with a head who has left. */
export async function checkDepartment(
  { db, actor }: DomainContext,
  { parentId, headId }: Placing,
  id: string | undefined,
): Promise<ErrorIssue[]> {
  const issues = parentId ? await checkParent(db, actor.orgId, parentId, id) : [];
  if (!headId) return issues;
  const [head] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.orgId, actor.orgId), eq(members.userId, headId), eq(members.status, 'active')));
  return head ? issues : [...issues, { path: 'headId', message: 'is not an active member' }];
}

/** Throws `conflict` for a department that has others under it. */
export async function checkRemovable({ db, actor }: DomainContext, id: string): Promise<void> {
  await lockTree(db, actor.orgId);
  const [child] = await db
    .select({ id: departments.id })
    .from(departments)
    .where(
      and(eq(departments.orgId, actor.orgId), eq(departments.parentId, id), isNull(departments.deletedAt)),
    )
    .limit(1);
  if (child) throw new AppError('conflict', 'The department has others under it: move or delete those first');
}

/** Throws `conflict` for a department whose place in the tree is gone, or has moved too deep. */
export async function checkRestorable({ db, actor }: DomainContext, id: string): Promise<void> {
  await lockTree(db, actor.orgId);
  const [row] = await db
    .select({ parentId: departments.parentId })
    .from(departments)
    .where(and(eq(departments.orgId, actor.orgId), eq(departments.id, id)));
  if (!row?.parentId) return;
  const { ancestors, isThere } = await readPlace(db, actor.orgId, row.parentId);
  if (!isThere) throw new AppError('conflict', 'The department above it is deleted: restore that first');
  if (ancestors.length + 1 > maxDepth) throw new AppError('conflict', tooDeep);
}

const tooDeep = `would lie deeper than ${maxDepth} levels`;

async function checkParent(
  db: Transaction,
  orgId: string,
  parentId: string,
  id: string | undefined,
): Promise<ErrorIssue[]> {
  await lockTree(db, orgId);
  const { ancestors, isThere } = await readPlace(db, orgId, parentId);
  if (!isThere) return [{ path: 'parentId', message: 'does not exist' }];
  if (id !== undefined && ancestors.includes(id)) {
    return [{ path: 'parentId', message: 'is the department itself, or lies under it' }];
  }
  const height = id === undefined ? 1 : await heightOf(db, orgId, id);
  return ancestors.length + height > maxDepth ? [{ path: 'parentId', message: tooDeep }] : [];
}

/** Until the transaction ends, nobody else changes the shape of the tree: two moves at once can't make a circle. */
async function lockTree(db: Transaction, orgId: string): Promise<void> {
  await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`departments ${orgId}`}, 0))`);
}

/** The way from a department up to the top, itself included. */
async function readPlace(db: Transaction, orgId: string, id: string) {
  const rows = await db.execute<{ id: string; is_deleted: boolean }>(sql`
    WITH RECURSIVE above AS (
      SELECT id, parent_id, deleted_at, 1 AS level FROM departments WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid
      UNION ALL
      SELECT d.id, d.parent_id, d.deleted_at, above.level + 1 FROM departments d
      JOIN above ON d.org_id = ${orgId}::uuid AND d.id = above.parent_id AND above.level <= ${maxDepth}
    )
    SELECT id, deleted_at IS NOT NULL AS is_deleted FROM above ORDER BY level`);
  return { ancestors: rows.map((row) => row.id), isThere: rows[0]?.is_deleted === false };
}

/** Levels of a department with what is under it. */
async function heightOf(db: Transaction, orgId: string, id: string): Promise<number> {
  const [row] = await db.execute<{ height: number }>(sql`
    WITH RECURSIVE below AS (
      SELECT ${id}::uuid AS id, 1 AS level
      UNION ALL
      SELECT d.id, below.level + 1 FROM departments d
      JOIN below ON d.org_id = ${orgId}::uuid AND d.parent_id = below.id AND d.deleted_at IS NULL
        AND below.level <= ${maxDepth}
    )
    SELECT max(level)::integer AS height FROM below`);
  return row?.height ?? 1;
}
