import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { ApprovalRequest, Vote } from '#core/automation/approval.js';
import { AppError } from '#core/errors.js';
import { automations, organizations, runs, users, waits } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Approval, approvalColumns, presentApproval } from './approval-row.js';
import { isApprover } from './is-approver.js';

const Review = Approval.extend({
  organization: z.string().describe('Its name'),
  automation: z.string().describe('Its name'),
  hasDecided: z.boolean().describe('You have voted'),
  voters: z.array(z.object({ userId: z.uuid(), name: z.string() })).describe('Those who have voted, by name'),
});

export const reviewApproval = defineAction({
  name: 'approvals.review',
  title: 'Review approval',
  description:
    'What one of those who may decide has to know: what is asked, on whose behalf, and who has voted. Refused for others.',
  permission: 'approvals:decide',
  effect: 'read',
  http: { method: 'get', path: '/approvals/:id/review' },
  input: z.strictObject({ id: z.uuid() }),
  output: Review,
  async run({ db, actor }: DomainContext, { id }) {
    const [row] = await db
      .select({ ...approvalColumns, automation: automations.name, organization: organizations.name })
      .from(waits)
      .innerJoin(runs, eq(runs.id, waits.runId))
      .innerJoin(automations, eq(automations.id, runs.automationId))
      .innerJoin(organizations, eq(organizations.id, waits.orgId))
      .where(and(eq(waits.id, id), eq(waits.kind, 'approval')));
    if (!row) throw new AppError('not_found', 'There is no such approval');
    const { automation, organization, ...wait } = row;
    const { approvers } = ApprovalRequest.parse(wait.request);
    if (!(await isApprover(db, actor.userId, approvers))) {
      throw new AppError('forbidden', 'You are not among those who may decide this');
    }
    const ids = z
      .array(Vote)
      .parse(wait.votes)
      .map(({ userId }) => userId);
    const voters = await db
      .select({ userId: users.id, name: users.name })
      .from(users)
      .where(inArray(users.id, ids));
    const hasDecided = ids.includes(actor.userId);
    return { ...presentApproval(wait), automation, organization, hasDecided, voters };
  },
});
