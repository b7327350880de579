import { z } from 'zod';
import { AutomationTrigger } from '#core/automation/definition.js';
import { findTrigger, type TriggerSources } from '#core/automation/triggers/find-trigger.js';
import { unknownTrigger } from '#core/automation/triggers/unknown-trigger.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import { validate } from '#runtime/validate.js';

/**
 * An example of what a definition's trigger gives. `nowMs` is the present. Throws `validation`, naming the field, for a
 * trigger that is unknown or not valid, and for one whose schema or limits no example was found to fit.
 */
export function sampleOfTrigger(given: unknown, sources: TriggerSources, nowMs: number): unknown {
  const trigger = validate(AutomationTrigger, given, 'trigger');
  const found = findTrigger(trigger, sources);
  if (!found) throw refusal(unknownTrigger(trigger));
  const input = validate(found.input ?? z.strictObject({}), trigger.input, 'trigger.input');
  const sample = found.sample(input, nowMs);
  const [issue] = found.output.safeParse(sample).error?.issues ?? [];
  if (!issue) return sample;
  const place = ['sample', ...issue.path].join('.');
  const message = `no sample was found that fits it (${place}: ${issue.message}); give an input of your own`;
  throw refusal({ path: 'trigger.input', message });
}

function refusal(issue: ErrorIssue): AppError {
  return new AppError('validation', `${issue.path}: ${issue.message}`, { issues: [issue] });
}
