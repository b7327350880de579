import type { ApprovalPolicy } from '#core/agents/definition.js';
import type { Caller } from '../caller.js';
import type { OpenRun } from './agent-run.js';

/** The agent of a run as a caller of one action. */
export function agentCaller(
  { run, grantId }: OpenRun,
  { approval = 'by_effect', approvalId }: { approval?: ApprovalPolicy; approvalId?: string | undefined } = {},
): Extract<Caller, { kind: 'agent' }> {
  return {
    kind: 'agent',
    orgId: run.orgId,
    agentId: run.agentId,
    grantId,
    runId: run.id,
    userId: run.userId,
    depth: run.depth,
    approval,
    ...(approvalId !== undefined && { approvalId }),
  };
}
