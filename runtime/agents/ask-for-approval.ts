import { and, eq } from 'drizzle-orm';
import { memoryAction } from '#core/agents/memory.js';
import { agentWorkflowId } from '#core/agents/run.js';
import type { ApprovalRequest } from '#core/automation/approval.js';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import { dispatchChannel, timeOrderedId } from '../outbox.js';
import type { Services } from '../services.js';
import { writeApprovalMails } from '../waits/approval-mails.js';
import type { OpenRun, RunPlace } from './agent-run.js';
import { type AgentStepRow, changeStep } from './agent-step.js';

/** How long people have for a call that an agent proposes. */
export const approvalMs = 24 * 60 * 60_000;

/**
 * Asks people to approve the call of a step, which waits for them: whom the agent acts for, and whom its version names. Asked once,
 * however often it is called.
 */
export async function askForApproval(
  services: Services,
  place: RunPlace,
  { open, row, input }: { open: OpenRun; row: AgentStepRow; input: Record<string, unknown> },
): Promise<void> {
  const { orgId, runId } = place;
  const { run, agent, definition } = open;
  const action = services.catalogue.action(row.action ?? '');
  const expiresAt = new Date(Date.now() + approvalMs).toISOString();
  const { users, roles } = definition.approvers;
  const request: ApprovalRequest = {
    title: `${agent.name}: ${action.title}`,
    message: reasonOf(open, action.name),
    approvers: { users: [...new Set([run.userId, ...users])], roles, needed: 1 },
    fields: [],
    call: { action: action.name, arguments: input },
  };
  const mails = await services.database.withOrg(orgId, async (transaction) => {
    const id = timeOrderedId();
    const [opened] = await transaction
      .insert(waits)
      .values({
        ...{ orgId, id, agentRunId: runId, nodeId: String(row.number), iteration: '', attempt: 1 },
        workflowId: agentWorkflowId(orgId, runId),
        kind: 'approval',
        request,
        expiresAt,
      })
      .onConflictDoNothing()
      .returning({ expiresAt: waits.expiresAt });
    const until = opened?.expiresAt ?? (await readExpiry(transaction, place, row.number));
    await changeStep(transaction, place, row.number, {
      status: 'waiting',
      waitsFor: 'approval',
      waitsUntil: until,
    });
    if (!opened) return 0;
    const by = { kind: 'agent' as const, id: run.agentId };
    const told = { orgId, id, by, request, expiresAt };
    const { queued } = await writeApprovalMails(services, transaction, told, {
      news: 'request',
      to: request.approvers,
      except: new Set(),
    });
    return queued;
  });
  if (mails > 0) services.hub.publish(dispatchChannel, { type: 'mail', id: runId });
}

/** Why people are asked, where it is not the action that says it. */
function reasonOf({ run }: OpenRun, action: string): string | null {
  if (action !== memoryAction || !run.isTainted) return null;
  return 'Text from outside has come into this conversation, and may be behind this. What is remembered is told in later conversations.';
}

async function readExpiry(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  step: number,
): Promise<string | null> {
  const [asked] = await transaction
    .select({ expiresAt: waits.expiresAt })
    .from(waits)
    .where(and(eq(waits.orgId, orgId), eq(waits.agentRunId, runId), eq(waits.nodeId, String(step))));
  return asked?.expiresAt ?? null;
}
