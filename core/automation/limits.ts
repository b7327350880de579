import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { durationText } from '../duration-text.js';

const shortest = 100;
const day = 86_400_000;

/** What tells runs apart that are limited separately: a template over `trigger`. Absent: all runs together. */
const key = z.string().min(1).max(1_000).optional();

/** Limits that an automation sets itself, in its `settings`. */
export const limitSettings = {
  concurrency: z
    .strictObject({
      max: z.int().min(1).max(1_000),
      key,
      onLimit: z.enum(['wait', 'skip', 'cancel_running']).default('wait'),
    })
    .optional()
    .meta({ title: 'Runs at once', description: 'How many may have started and not ended.' }),
  debounce: z
    .strictObject({
      key,
      for: durationText(shortest, day),
      maxWait: durationText(shortest, 7 * day).optional(),
    })
    .refine(({ for: quiet, maxWait }) => maxWait === undefined || millis(maxWait) >= millis(quiet), {
      path: ['maxWait'],
      message: 'must be at least as long as `for`',
    })
    .optional()
    .meta({
      title: 'Wait until it is quiet',
      description:
        'Of several triggers in a row only the last starts, when it has been quiet for so long, or the longest wait after the first.',
    }),
  throttle: z
    .strictObject({ max: z.int().min(1).max(10_000), per: durationText(shortest, 30 * day), key })
    .optional()
    .meta({ title: 'Runs in a period', description: 'How many may start within it.' }),
};

interface LimitSettings {
  concurrency?: { max: number; key?: string | undefined; onLimit: OnLimit } | undefined;
  debounce?: { key?: string | undefined; for: string; maxWait?: string | undefined } | undefined;
  throttle?: { max: number; per: string; key?: string | undefined } | undefined;
}

type OnLimit = 'wait' | 'skip' | 'cancel_running';

/** The limits of a version, as the dispatcher reads them. Times are milliseconds. */
export interface PlanLimits {
  concurrency?: { max: number; key?: string; onLimit: OnLimit };
  debounce?: { key?: string; quietMs: number; maxWaitMs?: number };
  throttle?: { max: number; perMs: number; key?: string };
}

/** Undefined for an automation without any. */
export function planLimits({ concurrency, debounce, throttle }: LimitSettings): PlanLimits | undefined {
  if (!concurrency && !debounce && !throttle) return undefined;
  return {
    ...(concurrency && {
      concurrency: { max: concurrency.max, onLimit: concurrency.onLimit, ...keyOf(concurrency) },
    }),
    ...(debounce && {
      debounce: {
        quietMs: millis(debounce.for),
        ...(debounce.maxWait !== undefined && { maxWaitMs: millis(debounce.maxWait) }),
        ...keyOf(debounce),
      },
    }),
    ...(throttle && { throttle: { max: throttle.max, perMs: millis(throttle.per), ...keyOf(throttle) } }),
  };
}

function keyOf(limit: { key?: string | undefined }): { key?: string } {
  return limit.key === undefined ? {} : { key: limit.key };
}

function millis(text: string): number {
  return parseDuration(text) ?? 0;
}
