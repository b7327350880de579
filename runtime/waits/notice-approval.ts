import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { type ApprovalNotice, ApprovalRequest, Vote } from '#core/automation/approval.js';
import type { Transaction } from '#db/client.js';
import { agentRuns, runs, waits } from '#db/schema/index.js';
import { type ApprovalMailServices, type ToldApproval, writeApprovalMails } from './approval-mails.js';

/**
 * Reminds those who have not decided, or asks more people, by mail. Does nothing once the approval has ended, or if this
 * was done before. Returns how many mails joined the dispatcher's queue.
 */
export async function noticeApproval(
  services: ApprovalMailServices,
  transaction: Transaction,
  { orgId, id, notice }: { orgId: string; id: string; notice: ApprovalNotice },
): Promise<{ queued: number }> {
  const [wait] = await transaction
    .select({
      request: waits.request,
      votes: waits.votes,
      expiresAt: waits.expiresAt,
      remindersSent: waits.remindersSent,
      escalatedAt: waits.escalatedAt,
      automationId: runs.automationId,
      agentId: agentRuns.agentId,
    })
    .from(waits)
    .leftJoin(runs, eq(runs.id, waits.runId))
    .leftJoin(agentRuns, eq(agentRuns.id, waits.agentRunId))
    .where(and(eq(waits.id, id), eq(waits.status, 'open')))
    .for('no key update', { of: waits });
  if (!wait) return { queued: 0 };
  const request = ApprovalRequest.parse(wait.request);
  const voted = z
    .array(Vote)
    .parse(wait.votes)
    .map(({ userId }) => userId);
  const told = { orgId, id, by: askingOf(wait), expiresAt: wait.expiresAt };
  if (notice.kind === 'reminder') {
    const { number } = notice;
    if (wait.remindersSent >= number) return { queued: 0 };
    await transaction.update(waits).set({ remindersSent: number }).where(eq(waits.id, id));
    const news = `reminder-${number}` as const;
    const to = request.approvers;
    return writeApprovalMails(
      services,
      transaction,
      { ...told, request },
      { news, to, except: new Set(voted) },
    );
  }
  if (wait.escalatedAt !== null) return { queued: 0 };
  const { users, roles, needed } = request.approvers;
  const approvers = {
    users: [...new Set([...users, ...notice.to.users])],
    roles: [...new Set([...roles, ...notice.to.roles])],
    needed,
  };
  const escalated = { ...request, approvers };
  await transaction
    .update(waits)
    .set({ request: escalated, escalatedAt: new Date().toISOString() })
    .where(eq(waits.id, id));
  return writeApprovalMails(
    services,
    transaction,
    { ...told, request: escalated },
    { news: 'escalation', to: notice.to, except: new Set(voted) },
  );
}

function askingOf({
  automationId,
  agentId,
}: {
  automationId: string | null;
  agentId: string | null;
}): ToldApproval['by'] {
  if (automationId !== null) return { kind: 'automation', id: automationId };
  if (agentId !== null) return { kind: 'agent', id: agentId };
  throw new Error('A wait of nobody');
}
