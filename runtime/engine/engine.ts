import type { VaultRotation } from '../rotation/rotation.js';
import type { StartableGroup } from '../runs/run-group.js';

/** What the rest of the system asks of the workflow engine. */
export interface Engine {
  /** Starts the workflow of runs that someone waits for, past the dispatcher. One that was started before is left alone. */
  startUrgent(group: StartableGroup): Promise<void>;
  /** Asks a run's workflow to cancel it; returns once the workflow has accepted. Throws `not_found`, `conflict`. */
  cancelRun(run: { orgId: string; runId: string; workflowId: string }): Promise<void>;
  /**
   * Has the secrets of an organization, or of all, sealed anew with this key; returns once the engine has it. One that is
   * under way goes on. Throws while the engine is away.
   */
  rotateVault(request: VaultRotation): Promise<void>;
  /** Ends a workflow at once. One that has ended, or never began, is left as it is. */
  terminateWorkflow(workflowId: string): Promise<void>;
  /** Starts the workflow that writes an export of the audit log. One that was started before is left alone. */
  startExport(request: { orgId: string; id: string }): Promise<void>;
  /** When a worker last asked for work; undefined if none has for some minutes. Throws while the engine is away. */
  workersSeenAt(): Promise<Date | undefined>;
  /** Throws unless the engine answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
