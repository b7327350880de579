import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { decisionOf, ApprovalRequest as Request, Vote } from '#core/automation/approval.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, waits } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { Approval, approvalColumns, presentApproval } from './approval-row.js';
import { checkApprovalFields } from './check-approval-fields.js';
import { approvalDecided } from './events.js';
import { isApprover } from './is-approver.js';

export const decideApproval = defineAction({
  name: 'approvals.decide',
  title: 'Decide approval',
  description:
    'Approves or rejects what a run waits for. One rejection rejects; it is approved once as many different people as needed have approved.',
  permission: 'approvals:decide',
  effect: 'write',
  http: { method: 'post', path: '/approvals/:id/decision' },
  input: z.strictObject({
    id: z.uuid(),
    decision: z.enum(['approved', 'rejected']),
    comment: z.string().max(5_000).optional(),
    fields: z.record(z.string(), z.unknown()).default({}),
  }),
  output: Approval,
  emits: ['approval.decided'],
  async run({ db, actor, services, emit, afterCommit }: DomainContext, { id, decision, comment, fields }) {
    const wait = await lockApproval(db, id);
    const request = Request.parse(wait.request);
    if (!(await isApprover(db, actor.userId, request.approvers))) {
      throw new AppError('forbidden', 'You are not among those who may decide this');
    }
    if (wait.status !== 'open') throw new AppError('conflict', `The approval is ${wait.status} already`);
    const votes = z.array(Vote).parse(wait.votes);
    if (votes.some(({ userId }) => userId === actor.userId)) {
      throw new AppError('conflict', 'You have decided already; others have to as well');
    }
    const filled = decision === 'approved' ? checkApprovalFields(request.fields, fields) : fields;
    const at = new Date().toISOString();
    const cast = [...votes, { userId: actor.userId, decision, comment: comment ?? null, fields: filled, at }];
    const answer = decisionOf(request, cast);
    const [row] = await db
      .update(waits)
      .set({ votes: cast, ...(answer && { status: 'answered', answer, closedAt: at }) })
      .where(eq(waits.id, id))
      .returning(approvalColumns);
    if (!row) throw new AppError('not_found', 'There is no such approval');
    if (answer) {
      await db.insert(dispatchQueue).values({ orgId: actor.orgId, kind: 'wake', sourceId: id });
      emit(approvalDecided, {
        id,
        runId: wait.runId,
        decision: answer.decision,
        decidedBy: answer.decidedBy,
      });
      afterCommit(() => services.hub.publish(dispatchChannel, { type: 'wake', id }));
    }
    return presentApproval(row);
  },
});

async function lockApproval(db: Transaction, id: string) {
  const [row] = await db
    .select({ ...approvalColumns, workflowId: waits.workflowId })
    .from(waits)
    .where(and(eq(waits.id, id), eq(waits.kind, 'approval')))
    .for('update');
  if (!row) throw new AppError('not_found', 'There is no such approval');
  return row;
}
