import { z } from 'zod';
import { ApprovalField, Vote } from '#core/automation/approval.js';

/** What the action `approvals.review` gives, as the page shows it. */
export const ReviewedApproval = z.object({
  status: z.enum(['open', 'answered', 'expired', 'cancelled']),
  title: z.string(),
  message: z.string().nullable(),
  organization: z.string(),
  automation: z.string(),
  approvers: z.object({ needed: z.int() }),
  fields: z.array(ApprovalField),
  votes: z.array(Vote),
  decision: z.enum(['approved', 'rejected']).nullable(),
  hasDecided: z.boolean(),
  voters: z.array(z.object({ userId: z.string(), name: z.string() })),
  expiresAt: z.string().nullable(),
  closedAt: z.string().nullable(),
});

export type ReviewedApproval = z.output<typeof ReviewedApproval>;
