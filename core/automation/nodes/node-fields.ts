import { z } from 'zod';
import { parseDuration } from '../../duration.js';
import { durationText } from '../../duration-text.js';
import { compensateHandle, defaultHandle } from '../plan.js';

const day = 86_400_000;

export const nodeId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must start with a letter and hold a–z, 0–9 and _ only')
  .refine((id) => id !== 'trigger', 'is the name of the trigger');

/** Any JSON; strings in it may hold `{{ … }}`. */
export const template = z.unknown();
export const templateRecord = z.record(z.string(), template);

/** What every node has. */
export const commonFields = {
  id: nodeId,
  name: z.string().max(200).optional(),
  note: z.string().max(5_000).optional(),
};

export const Retry = z.strictObject({
  /** Including the first. */
  attempts: z.int().min(1).max(20),
  /** Before the second attempt; doubles after each. */
  backoff: durationText(100, day).optional(),
  maxBackoff: durationText(100, day).optional(),
});

/** What every node has that does something which can fail. */
export const effortFields = {
  retry: Retry.optional(),
  timeout: durationText(100, day).optional(),
  /** `fail` ends the run; `continue` goes on with output null; `branch` follows the `error` edge. */
  onError: z.enum(['fail', 'continue', 'branch']).optional(),
};

const Effort = z.object(effortFields);
type Effort = z.output<typeof Effort>;

const defaultRetry = { attempts: 5, backoffMs: 1_000, maxBackoffMs: 60_000 };

/** The effort of a node as the engine carries it out. */
export function planEffort({ retry, timeout, onError = 'fail' }: Effort, defaultTimeoutMs: number) {
  return {
    retry: retry
      ? {
          attempts: retry.attempts,
          backoffMs: parseDuration(retry.backoff ?? '') ?? defaultRetry.backoffMs,
          maxBackoffMs: parseDuration(retry.maxBackoff ?? '') ?? defaultRetry.maxBackoffMs,
        }
      : defaultRetry,
    timeoutMs: parseDuration(timeout ?? '') ?? defaultTimeoutMs,
    onError,
  };
}

/** The ways out of a node that can fail, and that can be undone. */
export function effortHandles({ onError }: Effort): readonly string[] {
  return [defaultHandle, ...(onError === 'branch' ? ['error'] : []), compensateHandle];
}

/** True if what follows the node's default way can count on its output. */
export function surelySucceeds({ onError = 'fail' }: Effort): boolean {
  return onError === 'fail';
}
