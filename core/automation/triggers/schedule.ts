import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { parseDuration } from '../../duration.js';
import { durationText } from '../../duration-text.js';
import { cronProblem } from '../../timetable/cron.js';
import { isTimeZone, localTimeOf } from '../../timetable/local-time.js';
import { nextTimes, type Timetable } from '../../timetable/timetable.js';

const minute = 60_000;
const day = 86_400_000;

const Moment = z.iso
  .datetime({ offset: true, precision: 0 })
  .describe('A moment with its offset, to the second: 2027-03-01T09:00:00+01:00');

const fields = {
  cron: z.string().max(200).optional().describe('Five fields, such as `0 9 * * MON-FRI`'),
  every: durationText(minute, 366 * day)
    .optional()
    .describe('An interval, such as `15m`'),
  from: Moment.optional().describe('The first moment of an interval; its beginning is 1970 unless given'),
  at: Moment.optional().describe('Once, at this moment'),
  timeZone: z.string().default('UTC').describe('Such as `Europe/Zurich`; that of a cron expression'),
  overlap: z
    .enum(['skip', 'buffer_one', 'allow'])
    .default('skip')
    .describe('What becomes of a firing while an earlier run goes on'),
  catchUp: durationText(minute, 30 * day)
    .default('1h')
    .describe('What was missed within this time is made up for, once'),
};

/** One of `cron`, `every` and `at`. */
export const ScheduleInput = z.strictObject(fields).superRefine((input, context) => {
  const refuse = (path: keyof typeof fields, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { cron, every, from, at, timeZone } = input;
  const given = [cron, every, at].filter((value) => value !== undefined);
  if (given.length !== 1) refuse('cron', 'exactly one of cron, every and at has to be given');
  const problem = cron === undefined ? undefined : cronProblem(cron);
  if (problem) refuse('cron', problem);
  if (from !== undefined && every === undefined) refuse('from', 'belongs to an interval: `every`');
  if ((parseDuration(every ?? '0s') ?? 0) % 1_000 > 0) refuse('every', 'must be whole seconds');
  if (!isTimeZone(timeZone)) refuse('timeZone', `there is no time zone ${timeZone}`);
});

export type ScheduleInput = z.output<typeof ScheduleInput>;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** What `trigger` holds in a run that the clock has started. */
export const ScheduledTime = z.object({
  scheduledAt: z.iso.datetime(),
  timeZone: z.string(),
  local: z.object({ date: z.string(), time: z.string(), weekday: z.enum(weekdays) }),
});

/** The clock. */
export const schedule: TriggerDescription = {
  name: 'schedule',
  title: 'Schedule',
  input: ScheduleInput,
  output: ScheduledTime,
  /** Its next time; now where there is none. */
  sample(input, nowMs) {
    const known = ScheduleInput.safeParse(input).data;
    const [next = nowMs] = known ? nextTimes(timetableOf(known), nowMs, 1) : [];
    return scheduledTime(next, known?.timeZone ?? 'UTC');
  },
  timetable: (input) => timetableOf(ScheduleInput.parse(input)),
};

/** When a schedule fires. */
export function timetableOf({ cron, every, from, at, timeZone }: ScheduleInput): Timetable {
  if (cron !== undefined) return { kind: 'cron', cron, timeZone };
  if (at !== undefined) return { kind: 'at', atMs: Date.parse(at), timeZone };
  const fromMs = from === undefined ? 0 : Date.parse(from);
  return { kind: 'every', everyMs: parseDuration(every ?? '') ?? minute, fromMs, timeZone };
}

/** The payload of a firing. */
export function scheduledTime(ms: number, timeZone: string): z.input<typeof ScheduledTime> {
  const scheduledAt = new Date(ms).toISOString();
  return ScheduledTime.parse({ scheduledAt, timeZone, local: localTimeOf(ms, timeZone) });
}
