/** One place for live messages: `publish` anywhere, `subscribe` anywhere, over Redis or PostgreSQL. */
export interface Hub {
  /** Tells every process that subscribed. Best effort: what must not be lost is in the database, this only wakes. */
  publish(topic: string, message: HubMessage): void;
  /** Returns how to stop. */
  subscribe(topic: string, onMessage: (message: HubMessage) => void): () => void;
  /** Throws unless messages can get through. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Small: what changed, not how. The reader looks it up with its own rights. */
export interface HubMessage {
  type: string;
  id: string;
}

/** Topics are always led by the organization. */
export const hubTopic = {
  run: (orgId: string, runId: string) => `org/${orgId}/run/${runId}`,
  runs: (orgId: string) => `org/${orgId}/runs`,
  presence: (orgId: string, automationId: string) => `org/${orgId}/presence/${automationId}`,
  agentRun: (orgId: string, runId: string) => `org/${orgId}/agent-run/${runId}`,
  events: (orgId: string) => `org/${orgId}/events`,
  notifications: (orgId: string, userId: string) => `org/${orgId}/notifications/${userId}`,
  mcpSession: (orgId: string, sessionId: string) => `org/${orgId}/mcp/${sessionId}`,
};
