import type { PackedValue } from '#core/automation/packed-value.js';
import type { Plan } from '#core/automation/plan.js';
import type { RunStart } from '#core/automation/run.js';
import type { FileStore } from '#core/connector.js';
import { project } from '#core/expression/paths.js';
import { packValue } from '../packing.js';

/** What a run is started with: of its trigger only what the plan reads, and by reference where that is large. */
export async function startOf(
  files: FileStore,
  plan: Plan,
  run: {
    runId: string;
    depth: number;
    payload: unknown;
    attempt?: number;
    /** What `readVars` gives for the plan. */
    vars: PackedValue | undefined;
  },
): Promise<RunStart> {
  const { runId, depth, payload, attempt = 1, vars } = run;
  const trigger = await packValue(files, project(payload, plan.trigger.uses));
  return { runId, depth, trigger, ...(vars && { vars }), ...(attempt > 1 && { attempt }) };
}
