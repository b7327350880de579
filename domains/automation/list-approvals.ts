import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { waitStatuses, waits } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Approval, approvalColumns, presentApproval } from './approval-row.js';

const sorts = { createdAt: byColumn(waits.createdAt) };

export const listApprovals = defineAction({
  name: 'approvals.list',
  title: 'List approvals',
  description: 'What runs ask people to decide, newest first; with mine=true what you may decide.',
  permission: 'approvals:read',
  effect: 'read',
  http: { method: 'get', path: '/approvals' },
  input: z.strictObject({
    status: z.enum(waitStatuses).optional(),
    runId: z.uuid().optional(),
    mine: z.stringbool().or(z.boolean()).default(false).describe('Only those that you may decide'),
    ...pageInput(sorts, '-createdAt'),
  }),
  output: pageOutput(Approval),
  async run({ db, actor }: DomainContext, { status, runId, mine, ...request }) {
    const page = openPage(sorts, waits.id, request);
    const rows = await db
      .select({ ...approvalColumns, ...page.fields })
      .from(waits)
      .where(
        and(
          eq(waits.orgId, actor.orgId),
          eq(waits.kind, 'approval'),
          status === undefined ? undefined : eq(waits.status, status),
          runId === undefined ? undefined : eq(waits.runId, runId),
          mine ? mayBeDecidedBy(actor.userId) : undefined,
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const { items, nextCursor } = page.close(rows);
    return { items: items.map(presentApproval), nextCursor };
  },
});

export const getApproval = defineAction({
  name: 'approvals.get',
  title: 'Get approval',
  description: 'What a run asks people to decide, and the votes so far.',
  permission: 'approvals:read',
  effect: 'read',
  http: { method: 'get', path: '/approvals/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Approval,
  async run({ db }: DomainContext, { id }) {
    const [row] = await db
      .select(approvalColumns)
      .from(waits)
      .where(and(eq(waits.id, id), eq(waits.kind, 'approval')));
    if (!row) throw new AppError('not_found', 'There is no such approval');
    return presentApproval(row);
  },
});

function mayBeDecidedBy(userId: string) {
  const approvers = sql`${waits.request} -> 'approvers'`;
  return sql`(${approvers} -> 'users' ? ${userId} OR ${approvers} -> 'roles' ? (
    SELECT r.key FROM members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
    WHERE m.user_id = ${userId} AND m.status = 'active'))`;
}
