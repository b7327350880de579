import { z } from 'zod';
import { AutomationTrigger } from '#core/automation/definition.js';
import { findTrigger, type TriggerSources } from '#core/automation/triggers/find-trigger.js';
import { unknownTrigger } from '#core/automation/triggers/unknown-trigger.js';
import { invalidField } from '#core/errors.js';
import { sampleMisfit } from '#core/sample-misfit.js';
import { validate } from '#runtime/validate.js';

/**
 * An example of what a definition's trigger gives. `nowMs` is the present. Throws `validation`, naming the field, for a
 * trigger that is unknown or not valid, and for one whose schema or limits no example was found to fit.
 */
export function sampleOfTrigger(given: unknown, sources: TriggerSources, nowMs: number): unknown {
  const trigger = validate(AutomationTrigger, given, 'trigger');
  const found = findTrigger(trigger, sources);
  if (!found) throw invalidField(unknownTrigger(trigger));
  const input = validate(found.input ?? z.strictObject({}), trigger.input, 'trigger.input');
  const sample = found.sample(input, nowMs);
  const misfit = sampleMisfit(found.output, sample);
  if (misfit === undefined) return sample;
  const message = `no sample was found that fits it (${misfit}); give an input of your own`;
  throw invalidField({ path: 'trigger.input', message });
}
