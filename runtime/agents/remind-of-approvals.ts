import { and, eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import type { Services } from '../services.js';
import { noticeApproval } from '../waits/notice-approval.js';
import type { RunPlace } from './agent-run.js';

/** When those who have not decided are mailed again, in milliseconds since they were asked. */
const remindersMs = [4, 20].map((hours) => hours * 60 * 60_000);

/**
 * Reminds people of what a run waits for them to approve, each reminder once, and of those that were missed the last only. The mails
 * join the dispatcher's queue. Returns when the next is due, in milliseconds since 1970.
 */
export async function remindOfApprovals(
  services: Services,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
): Promise<number | null> {
  const open = await transaction
    .select({ id: waits.id, createdAt: waits.createdAt, remindersSent: waits.remindersSent })
    .from(waits)
    .where(and(eq(waits.orgId, orgId), eq(waits.agentRunId, runId), eq(waits.status, 'open')));
  const next: number[] = [];
  for (const { id, createdAt, remindersSent } of open) {
    const moments = remindersMs.map((after) => Date.parse(createdAt) + after);
    const number = moments.filter((moment) => moment <= Date.now()).length;
    if (number > remindersSent)
      await noticeApproval(services, transaction, { orgId, id, notice: { kind: 'reminder', number } });
    const following = moments[number];
    if (following !== undefined) next.push(following);
  }
  return next.length === 0 ? null : Math.min(...next);
}
