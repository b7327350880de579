import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react';
import type { paths } from '../../client/schema.js';

/** A run as lists of the API give it. */
export type ListedRun =
  paths['/v1/runs']['get']['responses'][200]['content']['application/json']['items'][number];
/** A run with its steps. */
export type Run = paths['/v1/runs/{id}']['get']['responses'][200]['content']['application/json'];
export type RunStep = Run['steps'][number];
export type RunStatus = ListedRun['status'];
export type StepStatus = RunStep['status'];
/** A value of a run, or where it is when it is too large to show. */
export type RunValue = NonNullable<RunStep['output']>;

interface Look {
  label: string;
  icon: LucideIcon;
  className: string;
  /** Colour of its bar in the waterfall. */
  bar: string;
}

/** How states of runs and steps look: each by word, shape and colour. */
export const statusLooks: Readonly<Record<StepStatus, Look>> = {
  queued: { label: 'Queued', icon: CircleDashed, className: 'text-soft', bar: 'bg-faint' },
  running: { label: 'Running', icon: LoaderCircle, className: 'text-accent', bar: 'bg-accent' },
  waiting: { label: 'Waiting', icon: Hourglass, className: 'text-warning', bar: 'bg-warning' },
  succeeded: { label: 'Succeeded', icon: CircleCheck, className: 'text-success', bar: 'bg-success' },
  failed: { label: 'Failed', icon: CircleX, className: 'text-danger', bar: 'bg-danger' },
  cancelled: { label: 'Cancelled', icon: Ban, className: 'text-soft', bar: 'bg-faint' },
  skipped: { label: 'Not taken', icon: CircleSlash, className: 'text-faint', bar: 'bg-faint' },
};

export const runStatuses: readonly RunStatus[] = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
];

/** True once nothing of the run can happen any more, unless somebody retries it. */
export function isOver({ status }: { status: RunStatus }): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Where what was read of runs is kept. */
export const runKey = {
  all: ['runs'] as const,
  list: (filters: object) => ['runs', 'list', filters] as const,
  one: (id: string) => ['runs', 'one', id] as const,
  explanation: (id: string) => ['runs', 'explanation', id] as const,
  attempts: (id: string, step: object) => ['runs', 'attempts', id, step] as const,
  steps: (id: string, filters: object) => ['runs', 'steps', id, filters] as const,
};
