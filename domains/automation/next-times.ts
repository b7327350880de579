import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AutomationTrigger } from '#core/automation/definition.js';
import { findTrigger } from '#core/automation/triggers/find-trigger.js';
import { ScheduledTime, scheduledTime } from '#core/automation/triggers/schedule.js';
import { type AppError, invalidField } from '#core/errors.js';
import { nextTimes } from '#core/timetable/timetable.js';
import type { DomainContext } from '#runtime/domain.js';
import { readListening } from '#runtime/triggers/listening-version.js';
import { validate } from '#runtime/validate.js';
import { requireAutomation } from './find-automation.js';

export const nextTimesAction = defineAction({
  name: 'automations.next_times',
  title: 'Next times',
  description:
    'When the clock will start an automation, or have it ask an app for news: of a trigger that is not published yet, or of what an automation listens with. None while it is paused.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'post', path: '/automations/next-times' },
  input: z
    .strictObject({
      id: z.uuid().optional().describe('An automation'),
      trigger: z.unknown().optional().describe('Or a trigger, as in a definition'),
      after: z.iso.datetime({ offset: true }).optional().describe('Now unless given'),
      count: z.coerce.number().int().min(1).max(50).default(5),
    })
    .refine(({ id, trigger }) => (id === undefined) !== (trigger === undefined), {
      path: ['trigger'],
      message: 'either id or trigger has to be given',
    }),
  output: z.object({ times: z.array(ScheduledTime) }),
  async run(context: DomainContext, { id, trigger, after, count }) {
    const wanted =
      id === undefined
        ? validate(AutomationTrigger, trigger, 'trigger')
        : await publishedTrigger(context, id);
    if (!wanted) return { times: [] };
    const known = findTrigger(wanted, context.services.catalogue);
    if (!known?.timetable) throw notTimed();
    const timetable = known.timetable(validate(known.input ?? z.unknown(), wanted.input, 'trigger.input'));
    const afterMs = after === undefined ? Date.now() : Date.parse(after);
    const times = nextTimes(timetable, afterMs, count).map((ms) => scheduledTime(ms, timetable.timeZone));
    return { times };
  },
});

/** Undefined while it does not listen. */
async function publishedTrigger({ db }: DomainContext, id: string): Promise<AutomationTrigger | undefined> {
  await requireAutomation(db, id);
  return (await readListening(db, id))?.trigger;
}

function notTimed(): AppError {
  return invalidField({ path: 'trigger.type', message: 'is not started by the clock' });
}
