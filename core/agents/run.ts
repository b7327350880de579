/**
 * `idle`: it has answered and may be asked more. `waiting`: for a person, another agent or a moment. `paused`: by a person, or with
 * its agent. The last four are final, but a conversation goes on when somebody writes.
 */
export const agentRunStatuses = [
  'queued',
  'running',
  'waiting',
  'paused',
  'idle',
  'succeeded',
  'failed',
  'cancelled',
] as const;

export type AgentRunStatus = (typeof agentRunStatuses)[number];

export const agentStepKinds = ['model', 'tool'] as const;
export const agentStepStatuses = [
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
] as const;

/** Tells the workflow of a run that there may be something to do. */
export const agentWakeSignal = 'wake';

/** Id of the workflow of an agent's run. Led by the organization. */
export function agentWorkflowId(orgId: string, runId: string): string {
  return `org/${orgId}/agent-runs/${runId}`;
}

/** How many agents may stand between a run and the person or automation that began it. */
export const maxAgentDepth = 5;
