import { z } from 'zod';
import type { Api } from './api.js';
import { DemoError } from './demo-error.js';
import type { FollowedRun } from './follow-run.js';

const Task = z.object({
  id: z.uuid(),
  title: z.string(),
  status: z.string(),
  priority: z.string(),
  labels: z.array(z.string()),
});

export type DemoTask = z.output<typeof Task>;

const TaskOutput = z.object({ inline: z.object({ id: z.uuid() }) });

/** The task that the step `task` of a run made, read back from the API. Throws DemoError if it made none. */
export async function taskOfRun(api: Api, run: FollowedRun): Promise<DemoTask> {
  const step = run.steps.find(({ nodeId }) => nodeId === 'task');
  const output = TaskOutput.safeParse(step?.output);
  if (!output.success) throw new DemoError('The run has no step that made a task.');
  return api.get(`/v1/tasks/${output.data.inline.id}`, Task);
}
