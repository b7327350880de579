import { z } from 'zod';
import { RunError } from '../run.js';

export const explanationCodes = [
  'ended',
  'credentials_expired',
  'dispatcher',
  'debounce',
  'throttle',
  'concurrency',
  'quota',
  'monthly_quota',
  'paused',
  'starting',
  'worker_down',
  'engine_unreachable',
  'approval',
  'time',
  'event',
  'subflow',
  'retrying',
  'running',
] as const;

export const Explanation = z.object({
  code: z.enum(explanationCodes),
  message: z.string(),
  node: z.string().nullable().describe('The step that it is about'),
  until: z.iso
    .datetime({ offset: true })
    .nullable()
    .describe('When it goes on, or is looked at again, where that is known'),
  position: z.int().nullable().describe('Its place among those that wait for the same, from 1'),
  runs: z.array(z.uuid()).describe('Those that hold what it waits for: at most ten'),
  users: z.array(z.uuid()).describe('Who may decide'),
  roles: z.array(z.string()).describe('Whose members may decide'),
  connectionId: z.uuid().nullable(),
  attempts: z.int().nullable().describe('How often the step was tried'),
  error: RunError.nullable().describe('Of its last attempt'),
});

export type Explanation = z.output<typeof Explanation>;

/** An explanation of which only these things are known. */
export function explained(
  code: Explanation['code'],
  message: string,
  more: Partial<Explanation> = {},
): Explanation {
  return {
    code,
    message,
    node: null,
    until: null,
    position: null,
    runs: [],
    users: [],
    roles: [],
    connectionId: null,
    attempts: null,
    error: null,
    ...more,
  };
}
