import { z } from 'zod';
import { readEvents } from '#cli/event-stream.js';
import { type Api, refusal } from './api.js';
import { DemoError } from './demo-error.js';

/** How long a run of the demo may take before something must be wrong. */
const limitMs = 60_000;

/** Between two looks for a run that is about to be made. */
const lookMs = 10;

const StepValue = z.union([z.object({ inline: z.unknown() }), z.object({ ref: z.string(), size: z.int() })]);
const StepError = z.object({ code: z.string(), message: z.string() });

const Step = z.object({
  nodeId: z.string(),
  type: z.string(),
  status: z.string(),
  output: StepValue.nullable(),
  error: StepError.nullable(),
  attempts: z.int(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

const Run = z.object({
  id: z.uuid(),
  status: z.string(),
  error: StepError.nullable(),
  trigger: z.unknown(),
  steps: z.array(Step),
});

export type FollowedRun = z.output<typeof Run>;
export type FollowedStep = z.output<typeof Step>;

const RunList = z.object({ items: z.array(z.object({ id: z.uuid() })) });
const StreamError = z.object({ code: z.string(), detail: z.string() });

/** Follows an automation's first run over server-sent events to its end. Throws DemoError if it does not succeed. */
export async function followFirstRun(api: Api, automationId: string): Promise<FollowedRun> {
  const deadline = Date.now() + limitMs;
  const run = await followToEnd(api, await findRun(api, automationId, deadline), deadline);
  if (run.status === 'succeeded') return run;
  throw new DemoError(`The run ${run.id} has ${run.status}: ${run.error?.message ?? 'without an error'}`);
}

/** A delivery's answer comes before its run exists, so the run is looked for until it is there. */
async function findRun(api: Api, automationId: string, deadline: number): Promise<string> {
  while (Date.now() < deadline) {
    const { items } = await api.get(`/v1/runs?automationId=${automationId}`, RunList);
    if (items[0]) return items[0].id;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  throw new DemoError(`No run was started within ${limitMs / 1000} s. Is the worker running?`);
}

async function followToEnd(api: Api, id: string, deadline: number): Promise<FollowedRun> {
  const path = `/v1/runs/${id}/events`;
  const response = await fetch(`${api.url}${path}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${api.accessToken}` },
    signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())),
  });
  if (!response.ok || !response.body) throw await refusal(`GET ${path}`, response);
  let run: FollowedRun | undefined;
  try {
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'run') run = Run.parse(data);
      if (event === 'error')
        throw new DemoError(`The run's stream broke off: ${StreamError.parse(data).detail}`);
      if (event === 'end' && run) return run;
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    throw new DemoError(`The run ${id} did not end within ${limitMs / 1000} s; it is ${run?.status}.`);
  }
  throw new DemoError(`The run's stream ended before the run did; it is ${run?.status}.`);
}
