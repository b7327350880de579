import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { chosenFromAutomations } from '../../choices.js';
import { exampleId } from './example-of-schema.js';

export const ErrorTriggerInput = z.strictObject({
  /** Those whose failures it hears of; every other automation unless given. */
  automations: z.array(z.uuid().meta(chosenFromAutomations)).min(1).max(100).optional(),
});

/** What `trigger` holds in a run that was started because another run failed. */
export const FailurePayload = z.object({
  run: z.object({
    id: z.uuid(),
    automationId: z.uuid(),
    name: z.string().describe('Name of the automation that failed'),
    version: z.int(),
    error: z.object({ code: z.string(), message: z.string(), node: z.string().optional() }),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    attempt: z.int(),
  }),
  /** What the failed run was started with; null where that is large. */
  trigger: z.unknown(),
});

export type FailurePayload = z.output<typeof FailurePayload>;

/** The run of another automation has failed for good. */
export const error: TriggerDescription = {
  name: 'error',
  title: 'Another automation failed',
  input: ErrorTriggerInput,
  output: FailurePayload,
  sample(input, nowMs) {
    const [automationId = exampleId] = ErrorTriggerInput.safeParse(input).data?.automations ?? [];
    return {
      run: {
        id: exampleId,
        automationId,
        name: 'Triage bugs',
        version: 3,
        error: {
          code: 'provider_unavailable',
          message: 'The server answered with status 503',
          node: 'send',
        },
        startedAt: new Date(nowMs - 2_000).toISOString(),
        finishedAt: new Date(nowMs).toISOString(),
        attempt: 1,
      },
      trigger: {},
    } satisfies FailurePayload;
  },
};

/** The event by which failures are told. */
export const failureTopic = 'event:run.failed';
