import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { findAutomation } from './find-automation.js';
import { sampleOfTrigger } from './sample-of-trigger.js';

export const sampleTrigger = defineAction({
  name: 'automations.sample_trigger',
  title: 'Sample of the trigger',
  description:
    "An example of what the trigger of an automation's draft gives, as `trigger` holds it in expressions. Nothing is asked of any app.",
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/sample' },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ sample: z.unknown() }),
  async run({ db, services }: DomainContext, { id }) {
    const { draft } = await findAutomation(db, id);
    const { trigger } = z.looseObject({ trigger: z.unknown().optional() }).parse(draft);
    return { sample: sampleOfTrigger(trigger, services.catalogue, Date.now()) };
  },
});
