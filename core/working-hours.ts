import { z } from 'zod';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 08:30');
const EndTime = z.union([LocalTime, z.literal('24:00')]);

const Span = z
  .strictObject({ from: LocalTime, to: EndTime })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' });

const Day = z
  .array(Span)
  .max(10)
  .refine(
    (spans) => spans.every(({ from }, index) => index === 0 || from >= (spans[index - 1]?.to ?? '')),
    'must follow one another without overlapping',
  );

/** When people work: for each weekday spans of local time, one after the other. A weekday that is missing is free. */
export const WorkingHours = z.partialRecord(z.enum(weekdays), Day);

export type WorkingHours = z.output<typeof WorkingHours>;
