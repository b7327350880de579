import { createHash } from 'node:crypto';
import type { PlanLimits } from '#core/automation/limits.js';
import { canonicalJson } from '#core/canonical-json.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';

/** Which runs of its automation a run is limited together with; null where it is not. */
export interface LimitKeys {
  /** Those with the same line wait for each other. */
  line: string | null;
  throttleKey: string | null;
  debounceKey: string | null;
}

/** What a run is limited by that was started by this. A key that can't be evaluated is that of all such runs. */
export function limitKeys({ concurrency, throttle, debounce }: PlanLimits, payload: unknown): LimitKeys {
  const throttleKey = throttle ? keyText(throttle.key, payload) : null;
  return {
    line: concurrency
      ? `concurrency ${keyText(concurrency.key, payload)}`
      : throttleKey && `throttle ${throttleKey}`,
    throttleKey,
    debounceKey: debounce ? keyText(debounce.key, payload) : null,
  };
}

/** Longer ones are kept as their hash. */
const longestKey = 200;

function keyText(template: string | undefined, payload: unknown): string {
  if (template === undefined) return 'all';
  const text = canonicalJson(keyValue(template, payload)) ?? 'null';
  return text.length <= longestKey ? text : createHash('sha256').update(text).digest('hex');
}

function keyValue(template: string, payload: unknown): unknown {
  try {
    return evaluateTemplates(template, { trigger: payload });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
