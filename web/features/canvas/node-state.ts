/** How far a node has come in a run, as steps tell it. */
export interface NodeState {
  status: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** A few words more, such as how long it took or what it waits for. */
  detail?: string;
  /** The way by which it was left, where that is known; other ways are shown as not taken. */
  way?: string;
}

export const stateLooks = {
  queued: { label: 'Queued', look: 'text-soft' },
  running: { label: 'Running', look: 'text-accent' },
  waiting: { label: 'Waiting', look: 'text-warning' },
  succeeded: { label: 'Succeeded', look: 'text-success' },
  failed: { label: 'Failed', look: 'text-danger' },
  cancelled: { label: 'Cancelled', look: 'text-soft' },
  skipped: { label: 'Not taken', look: 'text-faint' },
} as const satisfies Record<NodeState['status'], { label: string; look: string }>;

/** True for what a run did not come to. */
export function isUntaken(state: NodeState | undefined): boolean {
  return state === undefined || state.status === 'skipped';
}
