import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import {
  type ApprovalAnswer,
  decisionOf,
  ApprovalRequest as Request,
  Vote,
} from '#core/automation/approval.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, waits } from '#db/schema/index.js';
import { wakeAgent } from '#runtime/agents/wake-agent.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { validate } from '#runtime/validate.js';
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
    arguments: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Of an agent's call: what it shall be made with, in place of what the agent proposes"),
  }),
  output: Approval,
  emits: ['approval.decided'],
  async run(context: DomainContext, { id, decision, comment, fields, arguments: changed }) {
    const { db, actor, services, emit, afterCommit } = context;
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
    const answer = withArguments(services, request, decisionOf(request, cast), changed);
    const [row] = await db
      .update(waits)
      .set({ votes: cast, ...(answer && { status: 'answered', answer, closedAt: at }) })
      .where(eq(waits.id, id))
      .returning(approvalColumns);
    if (!row) throw new AppError('not_found', 'There is no such approval');
    if (answer) {
      if (wait.agentRunId === null)
        await db.insert(dispatchQueue).values({ orgId: actor.orgId, kind: 'wake', sourceId: id });
      else await wakeAgent(db, actor.orgId, wait.agentRunId);
      emit(approvalDecided, {
        id,
        runId: wait.runId,
        agentRunId: wait.agentRunId,
        decision: answer.decision,
        decidedBy: answer.decidedBy,
      });
      afterCommit(() => services.hub.publish(dispatchChannel, { type: 'wake', id }));
    }
    return presentApproval(row);
  },
});

/**
 * The answer with the arguments of the call that is approved. Throws `validation` for such as its action does not take, or where
 * there is no call whose arguments could be changed, and `conflict` where others have approved it as it was.
 */
function withArguments(
  { catalogue }: DomainContext['services'],
  { call, approvers }: Request,
  answer: ApprovalAnswer | undefined,
  changed: Record<string, unknown> | undefined,
): ApprovalAnswer | undefined {
  if (!call) {
    if (changed) throw invalidField({ path: 'arguments', message: 'there is no call of an agent here' });
    return answer;
  }
  if (changed && approvers.needed > 1)
    throw new AppError('conflict', 'Several have to approve this call, so that nobody may change it');
  if (changed) validate(catalogue.action(call.action).input, changed, 'arguments');
  return answer && { ...answer, arguments: changed ?? call.arguments };
}

async function lockApproval(db: Transaction, id: string) {
  const [row] = await db
    .select({ ...approvalColumns, workflowId: waits.workflowId })
    .from(waits)
    .where(and(eq(waits.id, id), eq(waits.kind, 'approval')))
    .for('update');
  if (!row) throw new AppError('not_found', 'There is no such approval');
  return row;
}
