import { z } from 'zod';
import { chosenFromMembers } from '../choices.js';
import { durationText } from '../duration-text.js';

const year = 365 * 86_400_000;

/** One field that those who decide fill in. */
export const ApprovalField = z.strictObject({
  key: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/, 'must start with a letter and hold a–z, 0–9 and _ only'),
  label: z.string().min(1).max(200),
  kind: z.enum(['text', 'number', 'boolean', 'choice']),
  options: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
  required: z.boolean().default(false),
});

/** Who may decide: people, or everyone who has one of the roles. */
export const Approvers = z
  .strictObject({
    users: z.array(z.uuid().meta(chosenFromMembers)).max(50).default([]),
    /** Keys of roles, such as `manager`. */
    roles: z.array(z.string().min(1).max(100)).max(20).default([]),
    /** How many different people have to approve. One rejection rejects. */
    needed: z.int().min(1).max(20).default(1),
  })
  .refine(({ users, roles }) => users.length + roles.length > 0, 'needs users or roles');

/** Mails those who have not decided, again and again. */
export const Reminders = z.strictObject({
  every: durationText(1_000, year),
  max: z.int().min(1).max(20).default(3),
});

/** Lets more people decide when nobody has in time. They come on top; how many have to approve stays as it is. */
export const Escalation = z.strictObject({
  after: durationText(1_000, year),
  to: z
    .strictObject({ users: Approvers.shape.users, roles: Approvers.shape.roles })
    .refine(({ users, roles }) => users.length + roles.length > 0, 'needs users or roles'),
});

/** Those who may decide at a moment: after an escalation, more than an automation may name at once. */
export const PresentApprovers = z.object({
  users: z.array(z.uuid()).max(100),
  roles: z.array(z.string()).max(40),
  needed: z.int().min(1),
});

/** What is told of an approval after it was asked for. */
export type ApprovalNotice =
  | { kind: 'reminder'; number: number }
  | { kind: 'escalation'; to: { users: readonly string[]; roles: readonly string[] } };

/** The call that an agent wants to make; whoever approves it may change its arguments. */
export const ProposedCall = z.object({ action: z.string(), arguments: z.record(z.string(), z.unknown()) });

/** What is asked of those who decide. */
export const ApprovalRequest = z.object({
  title: z.string(),
  message: z.string().nullable(),
  approvers: PresentApprovers,
  fields: z.array(ApprovalField),
  /** Of an agent. */
  call: ProposedCall.optional(),
});

export type ApprovalRequest = z.output<typeof ApprovalRequest>;

export const Vote = z.object({
  userId: z.uuid(),
  decision: z.enum(['approved', 'rejected']),
  comment: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
  at: z.iso.datetime(),
});

export type Vote = z.output<typeof Vote>;

/** The output of an approval's step. */
export interface ApprovalAnswer {
  decision: Vote['decision'];
  comment: string | null;
  /** What the last who decided filled in, over what those before did. */
  fields: Record<string, unknown>;
  decidedBy: string[];
  decidedAt: string;
  /** Of an agent's call: those with which it was approved. */
  arguments?: Record<string, unknown>;
}

/** The decision that the votes make; undefined while more are needed. */
export function decisionOf(
  { approvers }: ApprovalRequest,
  votes: readonly Vote[],
): ApprovalAnswer | undefined {
  const last = votes.at(-1);
  const approved = votes.filter(({ decision }) => decision === 'approved').length;
  if (!last || (last.decision === 'approved' && approved < approvers.needed)) return undefined;
  return {
    decision: last.decision,
    comment: last.comment,
    fields: Object.assign({}, ...votes.map(({ fields }) => fields)),
    decidedBy: votes.map(({ userId }) => userId),
    decidedAt: last.at,
  };
}
