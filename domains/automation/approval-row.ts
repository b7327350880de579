import { z } from 'zod';
import {
  ApprovalField,
  ApprovalRequest,
  PresentApprovers,
  ProposedCall,
  Vote,
} from '#core/automation/approval.js';
import { waitStatuses, waits } from '#db/schema/index.js';

export const Approval = z.object({
  id: z.uuid(),
  runId: z.uuid().nullable().describe('Run of an automation that waits'),
  agentRunId: z.uuid().nullable().describe('Run of an agent that waits'),
  nodeId: z.string(),
  iteration: z.string(),
  status: z.enum(waitStatuses).describe('open, answered, expired or cancelled'),
  title: z.string(),
  message: z.string().nullable(),
  approvers: PresentApprovers.describe('Who may decide now; an escalation adds to them'),
  fields: z.array(ApprovalField),
  call: ProposedCall.nullable().describe('What an agent wants to do'),
  votes: z.array(Vote),
  decision: z.enum(['approved', 'rejected']).nullable(),
  remindersSent: z.int().describe('How often those who have not decided were reminded'),
  escalatedAt: z.iso.datetime().nullable().describe('When more people were asked'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
});

type Row = Pick<
  typeof waits.$inferSelect,
  | 'id'
  | 'runId'
  | 'agentRunId'
  | 'nodeId'
  | 'iteration'
  | 'status'
  | 'request'
  | 'votes'
  | 'answer'
  | 'remindersSent'
  | 'escalatedAt'
  | 'createdAt'
  | 'expiresAt'
  | 'closedAt'
>;

export const approvalColumns = {
  id: waits.id,
  runId: waits.runId,
  agentRunId: waits.agentRunId,
  nodeId: waits.nodeId,
  iteration: waits.iteration,
  status: waits.status,
  request: waits.request,
  votes: waits.votes,
  answer: waits.answer,
  remindersSent: waits.remindersSent,
  escalatedAt: waits.escalatedAt,
  createdAt: waits.createdAt,
  expiresAt: waits.expiresAt,
  closedAt: waits.closedAt,
};

/** An approval as its readers see it. */
export function presentApproval({ request, answer, ...row }: Row): z.output<typeof Approval> {
  const { title, message, approvers, fields, call = null } = ApprovalRequest.parse(request);
  const decided = z.object({ decision: z.enum(['approved', 'rejected']) }).safeParse(answer);
  const decision = decided.success ? decided.data.decision : null;
  return Approval.parse({ ...row, title, message, approvers, fields, call, decision });
}
